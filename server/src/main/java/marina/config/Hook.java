package marina.config;

import java.time.Duration;
import java.util.List;

/**
 * A command that runs at a point of a life cycle.
 *
 * @param command program and arguments, without a shell
 * @param timeout after this long its whole process tree is ended and the hook has failed; zero means no limit
 * @param reloadConfig a configuration file to load after success, relative to MARINA_BASE; empty for none
 */
public record Hook(List<Template> command, Duration timeout, String reloadConfig) {
    /** Copies its list. */
    public Hook {
        command = List.copyOf(command);
    }
}
