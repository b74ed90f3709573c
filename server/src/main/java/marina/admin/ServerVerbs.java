package marina.admin;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The verbs {@code status}, {@code contexts}, {@code reload} and {@code restart PATH}. */
final class ServerVerbs {
    private final CommandLine line;

    ServerVerbs(CommandLine line) {
        this.line = line;
    }

    /** The verbs, for picocli. */
    List<Object> all() {
        return List.of(new Status(), new Contexts(), new Reload(), new Restart());
    }

    @Command(name = "status", description = "say whether Marina runs, where and since when")
    private final class Status implements Callable<Integer> {
        @Override
        public Integer call() throws IOException {
            return line.control("GET", "/status", answer -> {
                ControlStatus status = ControlStatus.of(answer);
                line.terminal()
                        .say("Marina runs: pid " + status.pid() + ", " + String.join(" ", status.urls()) + ", "
                                + status.contexts() + " contexts, up " + status.uptimeMillis() / 1000 + " s");
                line.terminal().say(ControlStatus.room(answer));
                line.terminal().say(MachineVerbs.describe(answer));
                return CommandLine.DONE;
            });
        }
    }

    @Command(name = "contexts", description = "list the contexts with their URL, kind and state")
    private final class Contexts implements Callable<Integer> {
        @Override
        public Integer call() throws IOException {
            return line.control("GET", ControlStatus.CONTEXTS, ControlStatus::items, answer -> {
                line.terminal().table(ControlStatus.contextTable(answer));
                return CommandLine.DONE;
            });
        }
    }

    @Command(name = "reload", description = "read the configuration anew and go over to it")
    private final class Reload implements Callable<Integer> {
        @Override
        public Integer call() throws IOException {
            return line.control("POST", "/reload", answer -> {
                int status = line.sayOutcome(answer);
                if (status == CommandLine.DONE && ControlStatus.changes(answer).isEmpty()) {
                    HistoryVerbs.lastChange(line.directories(), Duration.ofMinutes(1))
                            .forEach(line.terminal()::say);
                }
                return status;
            });
        }
    }

    @Command(name = "restart", description = "restart one context; without a path all of Marina")
    private final class Restart implements Callable<Integer> {
        @Parameters(paramLabel = "PATH", description = "its path, for example /sam/list1")
        private String path = "";

        @Override
        public Integer call() throws IOException {
            String query = URLEncoder.encode(path, StandardCharsets.UTF_8);
            return line.control("POST", "/contexts/restart?path=" + query);
        }
    }
}
