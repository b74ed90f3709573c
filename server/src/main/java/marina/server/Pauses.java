package marina.server;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long this JVM has stood still: stopped by a signal, frozen with its machine, in a long garbage collection. To be told
 * regularly that it runs; what lies between two ticks beyond the usual is lost time, in which nobody else can be blamed for
 * not having been heard. One ticks, anybody may ask.
 */
final class Pauses {
    private final LongSupplier nanoTime;
    private final long usual;
    private volatile Tick last;

    /**
     * Nothing is lost yet.
     *
     * @param usual the longest time between two ticks of a JVM that runs
     */
    Pauses(LongSupplier nanoTime, Duration usual) {
        this.nanoTime = nanoTime;
        this.usual = usual.toNanos();
        this.last = new Tick(nanoTime.getAsLong(), 0);
    }

    /** The JVM runs. */
    void tick() {
        long now = nanoTime.getAsLong();
        last = new Tick(now, last.lostUntil(now, usual));
    }

    /** Nanoseconds lost so far; only differences mean something. Also counts what no tick has told of yet. */
    long lostNanos() {
        return last.lostUntil(nanoTime.getAsLong(), usual);
    }

    /** A moment, and what had been lost before it. */
    private record Tick(long at, long lost) {
        long lostUntil(long now, long usual) {
            return lost + Math.max(0, now - at - usual);
        }
    }
}
