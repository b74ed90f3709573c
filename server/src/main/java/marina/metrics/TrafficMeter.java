package marina.metrics;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one context, or of the server. Writing takes no lock and allocates nothing but at the first request; of a
 * context that nobody has asked there is only this object. Thread-safe.
 */
public class TrafficMeter {
    private static final int CLASSES = TrafficStatus.CLASSES;

    private volatile @Nullable Counts counts;

    /** What is there from the first request on. */
    private static final class Counts {
        final LongAdder[] classes = new LongAdder[CLASSES];
        final LongAdder received = new LongAdder();
        final LongAdder sent = new LongAdder();
        final LongAdder waits = new LongAdder();
        final LongAdder waitNanos = new LongAdder();
        final LongAdder upgrades = new LongAdder();
        final AtomicInteger open = new AtomicInteger();
        final Latencies latencies = new Latencies();
        final RecentTraffic recent = new RecentTraffic(System.nanoTime());

        Counts() {
            for (int i = 0; i < CLASSES; i++) {
                classes[i] = new LongAdder();
            }
        }
    }

    /** Of nobody yet. */
    public TrafficMeter() {}

    /**
     * A request that has been answered, or given up. That of a WebSocket counts when that is open, and has no latency.
     *
     * @param status of the answer, 499 when the client did not wait for it
     * @param nanos from its first byte to the end of its answer
     * @param received bytes of its body
     * @param sent bytes of the body of its answer
     * @param waited nanoseconds that it waited for a start; 0 for not at all
     * @param upgraded whether its connection has become a WebSocket or the like
     */
    public void answered(int status, long nanos, long received, long sent, long waited, boolean upgraded) {
        Counts mine = counts();
        mine.classes[Math.max(1, Math.min(CLASSES, status / 100)) - 1].increment();
        if (received > 0) {
            mine.received.add(received);
        }
        if (sent > 0) {
            mine.sent.add(sent);
        }
        if (waited > 0) {
            mine.waits.increment();
            mine.waitNanos.add(waited);
        }
        long now = System.nanoTime();
        mine.recent.count(now);
        if (upgraded) {
            mine.upgrades.increment();
        } else {
            mine.latencies.record(nanos);
            mine.recent.record(now, nanos);
        }
    }

    /** A connection is becoming a WebSocket or the like. */
    public void opened() {
        counts().open.incrementAndGet();
    }

    /** It is none any more. */
    public void closed() {
        counts().open.decrementAndGet();
    }

    /** Whether anybody has asked. */
    public boolean isUsed() {
        return counts != null;
    }

    /** What has been counted. */
    public TrafficStatus status() {
        Counts mine = counts;
        if (mine == null) {
            return TrafficStatus.NONE;
        }
        long now = System.nanoTime();
        long[] classes = new long[CLASSES];
        for (int i = 0; i < CLASSES; i++) {
            classes[i] = mine.classes[i].sum();
        }
        return new TrafficStatus(
                classes,
                mine.received.sum(),
                mine.sent.sum(),
                mine.waits.sum(),
                mine.waitNanos.sum(),
                mine.upgrades.sum(),
                mine.open.get(),
                mine.recent.perSecond(now),
                mine.latencies.snapshot(),
                mine.recent.latencies(now));
    }

    private Counts counts() {
        Counts known = counts;
        return known == null ? begin() : known;
    }

    private synchronized Counts begin() {
        Counts known = counts;
        if (known == null) {
            known = new Counts();
            counts = known;
        }
        return known;
    }
}
