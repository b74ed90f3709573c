package marina.admin;

import java.util.Optional;
import java.util.concurrent.Callable;
import marina.config.ConfigDump;
import marina.config.ServerConfig;
import picocli.CommandLine.Command;

/** The verb {@code dump}: the configuration with all that Marina fills in. */
@Command(name = "dump", description = "print the configuration as Marina understands it, secrets masked")
final class DumpVerb implements Callable<Integer> {
    private final CommandLine line;

    DumpVerb(CommandLine line) {
        this.line = line;
    }

    @Override
    public Integer call() {
        Optional<ServerConfig> config = line.load();
        if (config.isEmpty()) {
            return CommandLine.FAILED;
        }
        ConfigDump dump = new ConfigDump(line.directories());
        if (!line.terminal().json(dump.toMap(config.get()))) {
            line.terminal().say(dump.dump(config.get()).stripTrailing());
        }
        return CommandLine.DONE;
    }
}
