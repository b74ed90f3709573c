package marina.admin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The verb {@code completion}: a script that has a shell complete verbs, options and the paths of contexts. */
@Command(
        name = "completion",
        description = "print a script for bash or zsh that completes verbs, options and context paths")
final class CompletionVerb implements Callable<Integer> {
    private final CommandLine line;

    @Parameters(paramLabel = "bash|zsh", description = "for which shell")
    private String shell = "";

    CompletionVerb(CommandLine line) {
        this.line = line;
    }

    /** The verb, and the one that its scripts ask. */
    static List<Object> all(CommandLine line) {
        return List.of(new CompletionVerb(line), new Paths(line));
    }

    @Override
    public Integer call() {
        CompletionScript script = new CompletionScript(line.picocliSpec());
        switch (shell) {
            case "bash" -> line.terminal().say(script.bash().stripTrailing());
            case "zsh" -> line.terminal().say(script.zsh().stripTrailing());
            default -> {
                line.terminal().complain("there is no completion for \"" + shell + "\"; write bash or zsh");
                return CommandLine.WRONG_USAGE;
            }
        }
        return CommandLine.DONE;
    }

    /** The paths of the contexts of the Marina that runs, or of the configuration where none does; a line each. */
    @Command(name = "complete-paths", hidden = true)
    private static final class Paths implements Callable<Integer> {
        private final CommandLine line;

        Paths(CommandLine line) {
            this.line = line;
        }

        @Override
        public Integer call() {
            List<String> paths = new ArrayList<>();
            try {
                Object[] contexts = ControlStatus.items(line.ask(ControlStatus.CONTEXTS));
                Arrays.stream(contexts).forEach(one -> paths.add(ControlStatus.text((Map<?, ?>) one, "path")));
            } catch (IOException e) {
                line.quietly().ifPresent(config -> config.contexts().keySet().forEach(path -> paths.add(path.value())));
            }
            paths.stream().distinct().forEach(line.terminal()::print);
            return CommandLine.DONE;
        }
    }
}
