package marina.admin;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The verbs that deploy WARs in the running Marina and take them out. */
final class DeployVerbs {
    private final CommandLine line;

    DeployVerbs(CommandLine line) {
        this.line = line;
    }

    List<Callable<Integer>> all() {
        return List.of(new Deploy(), new Undeploy());
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Command(name = "deploy", description = "deploy a WAR, or put the one from before back")
    private final class Deploy implements Callable<Integer> {
        @Parameters(index = "0", paramLabel = "FILE", description = "the WAR; \"previous\" for the one from before")
        private Path file = Path.of("");

        @Parameters(index = "1", paramLabel = "PATH", description = "where, for example /shop")
        private String path = "";

        @Option(names = "--update", description = "in the place of what is there")
        private boolean update;

        @Option(names = "--version", paramLabel = "VERSION", description = "beside other versions at this path")
        private String version = "";

        @Override
        public Integer call() throws IOException {
            if (file.equals(Path.of("previous"))) {
                return line.control("POST", "/contexts/rollback?path=" + encode(path));
            }
            if (!Files.isRegularFile(file)) {
                line.terminal().complain(file + " is no file; write the path of a packed WAR");
                return CommandLine.FAILED;
            }
            String target = "/contexts/deploy?path=" + encode(path) + "&update=" + update
                    + (version.isEmpty() ? "" : "&version=" + encode(version));
            return line.upload(target, file);
        }
    }

    @Command(name = "undeploy", description = "take a WAR out; \"deploy previous PATH\" brings it back")
    private final class Undeploy implements Callable<Integer> {
        @Parameters(paramLabel = "PATH", description = "its path, for example /shop")
        private String path = "";

        @Override
        public Integer call() throws IOException {
            return line.control("POST", "/contexts/undeploy?path=" + encode(path));
        }
    }
}
