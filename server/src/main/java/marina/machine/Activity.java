package marina.machine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * When the machine was used last. Told by every request that an application answers, at its begin and its end, so it takes no
 * lock, and writes only now and then however many come. Thread-safe.
 */
public final class Activity {
    private static final long GRAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final AtomicInteger holds = new AtomicInteger();
    private final AtomicInteger upgraded = new AtomicInteger();
    private volatile long last = System.nanoTime();
    private volatile long lastUpgraded = last;

    /** The machine is being used now. */
    public void use() {
        long now = System.nanoTime();
        if (now - last > GRAIN_NANOS) {
            last = now; // of two threads either may win
        }
    }

    /** Something is under way that keeps the machine awake; {@link #release} must follow. */
    public void hold() {
        holds.incrementAndGet();
        use();
    }

    /** What kept the machine awake is over. */
    public void release() {
        last = System.nanoTime();
        holds.decrementAndGet();
    }

    /** A connection is, or becomes, a WebSocket or the like; {@link #endUpgraded} must follow. */
    public void beginUpgraded() {
        upgraded.incrementAndGet();
    }

    /** It has ended. */
    public void endUpgraded() {
        lastUpgraded = System.nanoTime();
        upgraded.decrementAndGet();
    }

    boolean hasUpgraded() {
        return upgraded.get() > 0;
    }

    /** The end of the last upgraded connection, by {@link System#nanoTime}. */
    long lastUpgraded() {
        return lastUpgraded;
    }

    boolean isHeld() {
        return holds.get() > 0;
    }

    /** The last use, by {@link System#nanoTime}. */
    long last() {
        return last;
    }

    /** The idle clock begins anew. */
    void restart() {
        last = System.nanoTime();
        lastUpgraded = last;
    }
}
