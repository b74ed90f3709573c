package marina.backend;

import java.time.Duration;

/**
 * How a backend behaves between its starts.
 *
 * @param name context path, for log lines
 * @param idleTimeout it stops this long after the end of its last lease; zero means never
 * @param keep whether it runs even when nobody asks: started with the server, restarted after a crash, never idle
 */
public record BackendSettings(String name, Duration idleTimeout, boolean keep) {}
