package marina.admin;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The verb {@code help}: what the verbs do, or what one of them does. */
@Command(name = "help", description = "say what the verbs do, or tell more of one of them")
final class HelpVerb implements Callable<Integer> {
    private final CommandLine line;

    @Parameters(arity = "0..1", paramLabel = "VERB", description = "tell more of this one")
    private String verb = "";

    HelpVerb(CommandLine line) {
        this.line = line;
    }

    @Override
    public Integer call() {
        picocli.CommandLine all = line.picocliSpec().commandLine();
        if (verb.isEmpty()) {
            all.usage(all.getOut());
            return CommandLine.DONE;
        }
        picocli.CommandLine one = all.getSubcommands().get(verb);
        if (one == null) {
            line.terminal().complain("there is no verb \"" + verb + "\"; \"marina.sh help\" lists them");
            return CommandLine.WRONG_USAGE;
        }
        one.usage(all.getOut());
        return CommandLine.DONE;
    }
}
