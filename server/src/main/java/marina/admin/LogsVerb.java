package marina.admin;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import marina.config.ContextConfig;
import marina.config.ServerConfig;
import marina.context.ContextLogs;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The verb {@code logs}: what the program of a context has printed, whether Marina runs or not. */
@Command(name = "logs", description = "print the last lines of what a context's program has printed")
final class LogsVerb implements Callable<Integer> {
    private final CommandLine line;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(paramLabel = "PATH", description = "its path, for example /sam/list1")
    private String path = "";

    @Option(names = "-f", description = "go on with every new line until interrupted")
    private boolean follow;

    @Option(names = "-n", paramLabel = "LINES", defaultValue = "50", description = "how many")
    private int lines;

    LogsVerb(CommandLine line) {
        this.line = line;
    }

    @Override
    public Integer call() throws IOException {
        if (lines < 0) {
            throw new ParameterException(spec.commandLine(), "-n " + lines + " is no number of lines; write 0 or more");
        }
        Optional<ServerConfig> config = line.load();
        if (config.isEmpty()) {
            return CommandLine.FAILED;
        }
        Optional<ContextConfig> context = config.get().contexts().values().stream()
                .filter(one -> one.path().value().equals(path))
                .findFirst();
        if (context.isEmpty()) {
            line.terminal().complain("there is no context " + path + "; \"marina.sh contexts\" lists them");
            return CommandLine.FAILED;
        }
        Path file =
                ContextLogs.file(config.get().log().directory(), context.get().path());
        LogTail tail = new LogTail(file, line.terminal());
        if (follow) {
            tail.follow(lines);
        } else if (!tail.last(lines)) {
            line.terminal()
                    .complain(path + " has printed nothing yet; there is no "
                            + line.directories().display(file));
        }
        return CommandLine.DONE;
    }
}
