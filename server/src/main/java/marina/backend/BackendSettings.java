package marina.backend;

import java.time.Duration;

/**
 * How a backend behaves between its starts.
 *
 * @param name context path, for log lines
 * @param source where the operator wrote it, for the log line of a failure; empty when nobody did
 * @param idleTimeout it stops this long after the end of its last lease; zero means never
 * @param keep whether it runs even when nobody asks: started with the server, restarted after a crash, never idle
 */
public record BackendSettings(String name, String source, Duration idleTimeout, boolean keep) {

    /** Of a backend that stands in no file. */
    public BackendSettings(String name, Duration idleTimeout, boolean keep) {
        this(name, "", idleTimeout, keep);
    }
}
