package marina.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A command that runs at a point of a life cycle.
 *
 * @param command program and arguments, without a shell
 * @param timeout after this long its whole process tree is ended and the hook has failed; zero means no limit
 * @param reloadConfig a configuration file to load after success, relative to MARINA_BASE; empty for none
 * @param directory where it runs; empty for where its context's process runs, for hooks of the server MARINA_BASE
 * @param env on top of the environment that it gets anyway
 * @param required whether the next hook runs only when this one has succeeded, and what waits for the hooks has failed with it
 */
public record Hook(
        List<Template> command,
        Duration timeout,
        String reloadConfig,
        Optional<Path> directory,
        Map<String, Template> env,
        boolean required) {
    /** Copies its collections. */
    public Hook {
        command = List.copyOf(command);
        env = Map.copyOf(env);
    }

    /** A hook without a folder and variables of its own. */
    public Hook(List<Template> command, Duration timeout, String reloadConfig) {
        this(command, timeout, reloadConfig, Optional.empty(), Map.of(), true);
    }
}
