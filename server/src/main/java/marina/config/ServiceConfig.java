package marina.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A helper process of the whole server.
 *
 * @param command program and arguments, without a shell
 * @param directory working directory
 * @param env added to its environment
 * @param restart when it is started again after its end
 * @param startDelay waited before its first start
 * @param stopTimeout from SIGTERM to SIGKILL
 * @param source where the operator wrote it
 */
public record ServiceConfig(
        List<Template> command,
        Path directory,
        Map<String, Template> env,
        Restart restart,
        Duration startDelay,
        Duration stopTimeout,
        SourceLocation source) {

    /** When a service is started again. */
    public enum Restart {
        /** Whenever it ends. */
        ALWAYS,
        /** When its exit status is not 0. */
        ON_FAILURE,
        /** Not at all. */
        NEVER
    }

    /** Copies its collections. */
    public ServiceConfig {
        command = List.copyOf(command);
        env = Map.copyOf(env);
    }

    /** Whether it asks for the same process; where it is written does not matter. */
    public boolean same(ServiceConfig other) {
        return command.equals(other.command)
                && directory.equals(other.directory)
                && env.equals(other.env)
                && restart == other.restart
                && startDelay.equals(other.startDelay)
                && stopTimeout.equals(other.stopTimeout);
    }
}
