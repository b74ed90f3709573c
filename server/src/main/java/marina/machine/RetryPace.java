package marina.machine;

import java.time.Duration;

/** How long to wait after a failed attempt: twice as long each time, up to an hour. Used by one thread. */
final class RetryPace {
    private static final Duration FIRST = Duration.ofSeconds(30);
    private static final Duration LONGEST = Duration.ofHours(1);

    private Duration pause = Duration.ZERO;
    private long from;

    /** An attempt has failed now; the first pause is never longer than the idle time itself. */
    Duration failed(long now, Duration idle) {
        Duration first = idle.compareTo(FIRST) < 0 ? idle : FIRST;
        Duration next = pause.isZero() ? first : pause.multipliedBy(2);
        pause = next.compareTo(LONGEST) > 0 ? LONGEST : next;
        from = now;
        return pause;
    }

    /** An attempt went well. */
    void reset() {
        pause = Duration.ZERO;
    }

    boolean isResting(long now) {
        return now - from < pause.toNanos();
    }
}
