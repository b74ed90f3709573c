package marina.worker;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whether the requests of one web application are short, so that the thread that has read them may serve them. That has to be earned
 * by some hundred short ones, and is lost when more than three of a hundred are not. Thread-safe; what two threads count at once may count once.
 */
public final class Brevity {
    /** A hundred times what the wake-up of another thread costs, and less than anybody notices who waits behind it. */
    static final Duration SHORT = Duration.ofMillis(1);

    private static final int AT_FIRST = 512;
    private static final int MOST = 1024;
    private static final int OF_A_LONG_ONE = 32;
    private static final int TRUSTED_BELOW = 64;

    private final AtomicInteger overdue = new AtomicInteger();
    private volatile int debt = AT_FIRST;

    /** Whether the thread of a selector may serve the next request. */
    public boolean isTrusted() {
        return debt < TRUSTED_BELOW && overdue.get() == 0;
    }

    /** A thread that has nothing else to do has served a request, in so many nanoseconds. */
    public void served(long nanos) {
        count(nanos < SHORT.toNanos());
    }

    /** The thread of a selector has served one in time. */
    void inTime() {
        count(true);
    }

    /** The thread of a selector is relieved. Until its request has ended, no other one gets into that. */
    void relieved() {
        overdue.incrementAndGet();
        count(false);
    }

    /** The request of one that was relieved has ended. */
    void endedLate() {
        overdue.decrementAndGet();
    }

    private void count(boolean isShort) {
        int before = debt;
        if (!isShort) {
            debt = Math.min(MOST, before + OF_A_LONG_ONE);
        } else if (before > 0) {
            debt = before - 1;
        }
    }
}
