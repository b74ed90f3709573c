package marina.admin;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import marina.server.MarinaServer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The verbs {@code stop} and {@code version}. */
final class LifeVerbs {
    private final CommandLine line;

    LifeVerbs(CommandLine line) {
        this.line = line;
    }

    /** The verbs, for picocli. */
    List<Object> all() {
        return List.of(new Stop(), new Version());
    }

    @Command(name = "stop", description = "drain and stop Marina and everything that it started")
    private final class Stop implements Callable<Integer> {
        @Parameters(paramLabel = "SECONDS", arity = "0..1", defaultValue = "60", description = "how long to wait")
        private int seconds;

        @Option(
                names = {"-force", "--force"},
                description = "kill it when it has not stopped by then")
        private boolean force;

        @Override
        public Integer call() throws IOException {
            return new Stopping(line.directories(), line.pidFile(), line.client(), line.terminal())
                    .stop(Duration.ofSeconds(seconds), force);
        }
    }

    @Command(name = "version", description = "print the versions of Marina and of the JVM")
    private final class Version implements Callable<Integer> {
        @Override
        public Integer call() {
            String java = System.getProperty("java.version");
            String home = System.getProperty("java.home");
            boolean told =
                    line.terminal().json(Map.of("version", MarinaServer.version(), "java", java, "java_home", home));
            if (!told) {
                line.terminal().say("Marina " + MarinaServer.version() + " (Java " + java + ", " + home + ")");
            }
            return CommandLine.DONE;
        }
    }
}
