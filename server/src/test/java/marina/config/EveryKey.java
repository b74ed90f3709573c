package marina.config;

import java.nio.file.Path;
import java.util.Map;

/** Loads a configuration with keys that have no behaviour yet. */
public final class EveryKey {
    private EveryKey() {}

    /** The configuration of a file. */
    public static ServerConfig load(Path base, Path file) {
        Directories directories = new Directories(base, base);
        return new ConfigLoader(directories, Map.of(), UnsupportedKeys.NONE, () -> Accounts.ofThisMachine(Map.of()))
                .load(file);
    }
}
