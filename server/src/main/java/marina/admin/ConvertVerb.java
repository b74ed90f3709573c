package marina.admin;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import marina.config.ConfigException;
import marina.config.ConfigNote;
import marina.config.Value;
import marina.navigator.NativeText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The verb {@code convert}: prints a file that was written for Navigator in Marina's own form. */
@Command(name = "convert", description = "print a file for Navigator in the form of conf/server.yml")
final class ConvertVerb implements Callable<Integer> {
    private final CommandLine commands;

    @Parameters(paramLabel = "FILE", arity = "0..1", description = "for example config/navigator.yml")
    private Path file = Path.of("");

    ConvertVerb(CommandLine commands) {
        this.commands = commands;
    }

    @Override
    public Integer call() {
        Path source = file.toString().isEmpty() ? commands.configFile() : file.toAbsolutePath();
        List<ConfigNote> notes = new ArrayList<>();
        try {
            Value.Mapping form = commands.loader().nativeForm(source, notes::add);
            commands.terminal().say(NativeText.of(form, notes).stripTrailing());
            return CommandLine.DONE;
        } catch (ConfigException e) {
            e.problems().forEach(problem -> commands.terminal().complain(problem.toString()));
            return CommandLine.FAILED;
        }
    }
}
