package marina.admin;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import marina.config.ConfigNote;
import marina.config.ServerConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The verb {@code check}: reads the configuration and reports every problem, warning and note. */
@Command(name = "check", description = "read the configuration and report every problem")
final class CheckVerb implements Callable<Integer> {
    private final CommandLine commands;

    @Option(names = "--strict", description = "fail for warnings, too")
    private boolean strict;

    CheckVerb(CommandLine commands) {
        this.commands = commands;
    }

    @Override
    public Integer call() {
        List<ConfigNote> notes = new ArrayList<>();
        Optional<ServerConfig> config = commands.load(notes::add);
        Terminal terminal = commands.terminal();
        notes.forEach(note -> terminal.complain(note.toString()));
        if (config.isEmpty()) {
            return CommandLine.FAILED;
        }
        long warnings = notes.stream()
                .filter(note -> note.kind() == ConfigNote.Kind.WARNING)
                .count();
        String file = commands.directories().display(commands.configFile());
        if (strict && warnings > 0) {
            terminal.complain(file + " has " + warnings + (warnings == 1 ? " warning" : " warnings"));
            return CommandLine.FAILED;
        }
        terminal.say(file + " is valid: " + config.get().contexts().size() + " contexts"
                + (notes.isEmpty() ? "" : ", " + warnings + (warnings == 1 ? " warning" : " warnings")));
        return CommandLine.DONE;
    }
}
