package marina.metrics;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What has happened just now: requests of each of the last seconds, and the latencies of the last half minute to minute. Nothing
 * ticks: who writes finds what is over and begins anew. Thread-safe; no lock but once in
 * half a minute.
 */
final class RecentTraffic {
    private static final int SECONDS = 16;

    /** Whole seconds that make a rate: long enough to be calm, short enough to follow. */
    private static final int MEASURED = 10;

    private static final int COUNT_BITS = 28;
    private static final long COUNT = (1L << COUNT_BITS) - 1;
    private static final long SPAN = TimeUnit.SECONDS.toNanos(30);

    /** In each the second in the high bits and its requests in the low ones. */
    private final AtomicLongArray seconds = new AtomicLongArray(SECONDS);

    private volatile Window window; // written with the lock of this, once in a span
    private final long origin;

    /** @param now nanoseconds, of the clock that {@link #record} is called with */
    RecentTraffic(long now) {
        origin = now - TimeUnit.SECONDS.toNanos(SECONDS);
        window = new Window(now, new Latencies(), new Latencies());
    }

    private record Window(long begin, Latencies current, Latencies before) {}

    /** How long a request took that has ended now. */
    void record(long now, long took) {
        current(now).current.record(took);
    }

    /** A request that has ended now. */
    void count(long now) {
        long second = second(now);
        int slot = (int) (second % SECONDS);
        while (true) {
            long seen = seconds.get(slot);
            long next = seen >>> COUNT_BITS == second ? seen + 1 : second << COUNT_BITS | 1;
            if ((seen & COUNT) == COUNT || seconds.compareAndSet(slot, seen, next)) {
                return;
            }
        }
    }

    /** Requests per second over the last whole seconds. */
    double perSecond(long now) {
        long second = second(now);
        long sum = 0;
        for (int i = 0; i < SECONDS; i++) {
            long seen = seconds.get(i);
            long age = second - (seen >>> COUNT_BITS);
            sum += age >= 1 && age <= MEASURED ? seen & COUNT : 0;
        }
        return (double) sum / MEASURED;
    }

    /** The times of the last half minute, and of the one before. */
    Latencies.Snapshot latencies(long now) {
        Window known = current(now);
        return known.current.snapshot().plus(known.before.snapshot());
    }

    private Window current(long now) {
        Window known = window;
        return now - known.begin < SPAN ? known : next(now);
    }

    private synchronized Window next(long now) {
        Window known = window;
        long age = now - known.begin;
        if (age < SPAN) {
            return known;
        }
        Latencies before = age < 2 * SPAN ? known.current : new Latencies();
        Window fresh = new Window(now, new Latencies(), before);
        window = fresh;
        return fresh;
    }

    private long second(long now) {
        return TimeUnit.NANOSECONDS.toSeconds(now - origin);
    }
}
