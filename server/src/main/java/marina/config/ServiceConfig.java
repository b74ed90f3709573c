package marina.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A helper process of the whole server.
 *
 * @param command program and arguments, without a shell
 * @param directory working directory
 * @param env added to its environment
 * @param inheritEnv whether it gets Marina's own environment besides {@code env}
 * @param restart when it is started again after its end
 * @param startDelay waited before its first start
 * @param stopTimeout from SIGTERM to SIGKILL
 * @param source where the operator wrote it
 */
public record ServiceConfig(
        List<Template> command,
        Path directory,
        Map<String, Template> env,
        boolean inheritEnv,
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
    @Override
    public boolean equals(Object other) {
        return other instanceof ServiceConfig that
                && command.equals(that.command)
                && directory.equals(that.directory)
                && env.equals(that.env)
                && inheritEnv == that.inheritEnv
                && restart == that.restart
                && startDelay.equals(that.startDelay)
                && stopTimeout.equals(that.stopTimeout);
    }

    @Override
    public int hashCode() {
        return Objects.hash(command, directory, env, inheritEnv, restart, startDelay, stopTimeout);
    }
}
