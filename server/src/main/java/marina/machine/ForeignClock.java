package marina.machine;

import java.time.Duration;
import java.util.Optional;

/**
 * Compares the wall clock with that of machines that have not slept, of which requests tell. After a suspend by the hypervisor no
 * clock of a virtual machine shows it: the wall clock goes on from the moment of the snapshot until it is set right, seconds later. The
 * first request knows better. Thread-safe if {@link #look} is called by one thread at a time.
 */
final class ForeignClock {
    /** Clocks that are set right differ by less. */
    static final long AHEAD_MILLIS = 2_000;

    /** What is further ahead is no clock. */
    private static final long MOST_MILLIS = Duration.ofDays(365).toMillis();

    /** A client may lie about the time; it shall not have the resume hooks run again and again. */
    private static final long REST_NANOS = Duration.ofMinutes(1).toNanos();

    private volatile long known; // how far it was ahead the last time, in milliseconds
    private volatile boolean noticed;
    private volatile long noticedAt;

    /** Whether a look would show a sleep. */
    boolean isAhead(long told, long wall, long running) {
        return told != 0
                && told - wall > known + AHEAD_MILLIS
                && told - wall < MOST_MILLIS
                && !(noticed && running - noticedAt < REST_NANOS);
    }

    /**
     * Takes note of what a request tells.
     *
     * @param told milliseconds since 1970
     * @return what shows that there was a sleep
     */
    Optional<String> look(long told, Reading now) {
        long lead = told - now.wall();
        if (!isAhead(told, now.wall(), now.running())) {
            return Optional.empty();
        }
        noticedAt = now.running();
        noticed = true;
        known = lead;
        return Optional.of("this machine's clock is " + Math.round(lead / 100.0) / 10.0
                + " s behind that of the machine that has sent a request");
    }

    /** The wall clock has been set. */
    void corrected() {
        known = 0;
    }
}
