package marina.config;

import java.time.Duration;

/**
 * What the clients of the server may do, each of them or each of their requests.
 *
 * @param headerSize bytes of a request's head at most; more is answered with 431, or 414 when the target alone is longer
 * @param maxBody bytes of a request's body at most, for contexts that say nothing else; 0 means no limit
 * @param headerTimeout how long a client may take from the first byte of a head to its last; zero means as long as it likes
 * @param keepAlive how long a connection may be silent between requests, and within one
 * @param connections open at once for one address; 0 means any number
 * @param rate requests of one address
 * @param body how fast the body of a request has to come
 */
public record TrafficLimits(
        int headerSize,
        long maxBody,
        Duration headerTimeout,
        Duration keepAlive,
        int connections,
        Rate rate,
        Pace body) {

    /** What is in effect when nothing is written. */
    public static final TrafficLimits DEFAULT = new TrafficLimits(
            16 * 1024,
            0,
            Duration.ofSeconds(30),
            Duration.ofMinutes(1),
            0,
            Rate.UNLIMITED,
            new Pace(240, Duration.ofSeconds(30)));

    /**
     * How fast something has to come. Only time in which the client is waited for counts.
     *
     * @param bytesPerSecond on average; 0 means as slowly as it likes
     * @param grace time that is not counted
     */
    public record Pace(long bytesPerSecond, Duration grace) {

        /** Whether so many bytes in so long a time are too few. */
        public boolean isMissed(long bytes, Duration waited) {
            Duration counted = waited.minus(grace);
            return bytesPerSecond > 0 && counted.toMillis() > 0 && bytes < bytesPerSecond * counted.toMillis() / 1000;
        }
    }

    /**
     * How often something may happen.
     *
     * @param requests in each period; 0 means without limit
     * @param period second, minute or hour
     * @param burst how many may come at once after a pause
     */
    public record Rate(int requests, Duration period, int burst) {

        /** No limit. */
        public static final Rate UNLIMITED = new Rate(0, Duration.ofSeconds(1), 0);

        /** {@code 100/s}. */
        @Override
        public String toString() {
            return requests == 0
                    ? "0"
                    : requests + "/" + (period.toSeconds() == 1 ? "s" : period.toSeconds() == 60 ? "m" : "h");
        }
    }
}
