package marina.backend;

import java.time.Duration;

/**
 * How long to wait before the next start: not at all after the first crash of something that had been ready, then 250 ms
 * doubling to 30 s for each failure that follows; a minute of health, or an orderly stop, forgets them. After the fifth in
 * a row there is no next start by itself. Immutable.
 *
 * @param failures how many in a row
 * @param delay before the next start
 */
public record RestartPolicy(int failures, Duration delay) {
    /** Nothing has failed. */
    public static final RestartPolicy HEALTHY = new RestartPolicy(0, Duration.ZERO);

    private static final Duration FIRST = Duration.ofMillis(250);

    /** The longest delay. */
    static final Duration LONGEST = Duration.ofSeconds(30);

    /** How long something must have been well for its failures to be forgotten. */
    public static final Duration HEALTHY_AFTER = Duration.ofMinutes(1);

    private static final int MOST_FAILURES = 5;

    /** 250 ms times 2 to the 7th is more than the longest. */
    private static final int MOST_DOUBLINGS = 7;

    /** It could not be started. */
    public RestartPolicy afterFailedStart() {
        return new RestartPolicy(failures + 1, delay(failures));
    }

    /** It was ready for this long, then it ended by itself. */
    public RestartPolicy afterCrash(Duration readyFor) {
        int before = readyFor.compareTo(HEALTHY_AFTER) >= 0 ? 0 : failures;
        return new RestartPolicy(before + 1, before == 0 ? Duration.ZERO : delay(before - 1));
    }

    /** Whether it has failed so often that only an operator may start it again. */
    boolean givenUp() {
        return failures >= MOST_FAILURES;
    }

    private static Duration delay(int doublings) {
        Duration delay = FIRST.multipliedBy(1L << Math.min(doublings, MOST_DOUBLINGS));
        return delay.compareTo(LONGEST) < 0 ? delay : LONGEST;
    }
}
