package marina.acme;

import java.time.Duration;

/**
 * How long to wait after a failure: twice as long each time, and a little more or less, so that many servers do not come at
 * once. Pure.
 *
 * @param first after the first failure
 * @param longest never longer than this
 */
public record RetryPace(Duration first, Duration longest) {
    /** What authorities can bear: from a minute to a day. */
    public static final RetryPace USUAL = new RetryPace(Duration.ofMinutes(1), Duration.ofDays(1));

    private static final double SPREAD = 0.2;
    private static final int MOST_DOUBLINGS = 20;

    /**
     * The pause after so many failures in a row.
     *
     * @param failures at least 1
     * @param chance from 0 to 1: where in the spread
     */
    Duration after(int failures, double chance) {
        Duration doubled = first.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
        Duration pause = doubled.compareTo(longest) > 0 ? longest : doubled;
        double factor = 1 - SPREAD + 2 * SPREAD * chance;
        Duration spread = Duration.ofMillis((long) (pause.toMillis() * factor));
        return spread.compareTo(longest) > 0 ? longest : spread;
    }
}
