package marina.config;

import java.time.Duration;

/**
 * When a context's backend starts, counts as ready and stops.
 *
 * @param readyPath what is asked to find out whether the backend answers
 * @param readyStatus the status that counts as ready; 0 means any below 500, {@link #ANY_STATUS} any at all
 * @param readyTimeout after this long without an answer the start has failed
 * @param pageAfter how long a request waits for a start before it gets the maintenance page
 * @param idleTimeout the backend stops this long after the end of its last request; zero means never
 * @param stopTimeout from SIGTERM to SIGKILL
 * @param minInstances how many are started with the server and kept, 0 = started by the first request
 * @param websocketsHold whether an open WebSocket keeps the backend from idling
 * @param instances how many processes share the requests at most, 1 to 64
 * @param rollingRestart whether a restart and a change start the new process beside the old one; else the old one goes first
 */
public record LifecyclePolicy(
        String readyPath,
        int readyStatus,
        Duration readyTimeout,
        Duration pageAfter,
        Duration idleTimeout,
        Duration stopTimeout,
        int minInstances,
        boolean websocketsHold,
        int instances,
        boolean rollingRestart) {

    /** Whatever is answered, the application is there. */
    public static final int ANY_STATUS = -1;

    /** What is in effect when nothing is written, but for WARs hosted in this JVM, which never idle. */
    public static final LifecyclePolicy DEFAULT = new LifecyclePolicy(
            "/",
            0,
            Duration.ofSeconds(30),
            Duration.ofSeconds(5),
            Duration.ofMinutes(5),
            Duration.ofSeconds(10),
            0,
            true,
            1,
            true);
}
