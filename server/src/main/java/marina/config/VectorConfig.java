package marina.config;

import java.nio.file.Path;

/**
 * Log lines for Vector, or for whatever else reads lines of JSON from a Unix socket.
 *
 * @param socket where it listens; empty: nothing is sent
 * @param config what Vector is started with, as a service of the server; empty: it is somebody else's to start
 * @param program which program that is, a name or a path
 * @param queue how many lines wait while it does not read; what comes while so many do is dropped
 */
public record VectorConfig(Path socket, Path config, String program, int queue) {

    /** The name of the service. */
    public static final String SERVICE = "vector";

    /** Whether lines are sent. */
    public boolean enabled() {
        return !socket.toString().isEmpty();
    }

    /** Whether Marina starts it. */
    public boolean isStarted() {
        return !config.toString().isEmpty();
    }
}
