package marina.admin;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The verbs that {@code bin/marina.sh} carries out by itself; here for help and completion. */
final class ShellVerbs {
    private final CommandLine line;

    ShellVerbs(CommandLine line) {
        this.line = line;
    }

    /** The verbs, for picocli. */
    List<Object> all() {
        return List.of(new Start(), new Simulate());
    }

    private int refuse() {
        line.terminal().complain("bin/marina.sh does this; call it instead of the program behind it");
        return CommandLine.WRONG_USAGE;
    }

    @Command(name = "start", description = "start in the background and wait until it answers")
    private final class Start implements Callable<Integer> {
        @Override
        public Integer call() {
            return refuse();
        }
    }

    @Command(name = "simulate", description = "play a fleet of machines on this one")
    private final class Simulate implements Callable<Integer> {
        @Parameters(paramLabel = "FILE", description = "which describes the fleet: fleet.yml")
        @SuppressWarnings("UnusedVariable") // for help
        private String file = "";

        @Override
        public Integer call() {
            return refuse();
        }
    }
}
