package marina.config;

import java.time.Duration;

/**
 * What a context takes on, and how long it waits for its backend.
 *
 * @param maxBody bytes of a request's body at most; 0 means no limit
 * @param maxConcurrent requests that are answered at once; 0 means any number
 * @param maxQueued requests that wait for their turn when so many are being answered; further ones get 503
 * @param timeouts of requests to a backend; nothing to contexts without one
 */
public record TrafficConfig(long maxBody, int maxConcurrent, int maxQueued, Timeouts timeouts) {

    /** What is in effect when nothing is written. */
    public static final TrafficConfig DEFAULT = new TrafficConfig(0, 0, 0, Timeouts.DEFAULT);

    /**
     * How long to wait for a backend.
     *
     * @param connect until a connection to it stands
     * @param answer how long it may be silent before its answer begins
     * @param idle how long it may be silent within its answer
     */
    public record Timeouts(Duration connect, Duration answer, Duration idle) {
        /** What is in effect when nothing is written. */
        public static final Timeouts DEFAULT =
                new Timeouts(Duration.ofSeconds(5), Duration.ofMinutes(2), Duration.ofMinutes(15));
    }
}
