package marina.metrics;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * How long things took, in buckets of fixed bounds: nine to a decade, from 0.1 ms to 100 s. A tenth of a kilobyte for each decade,
 * no lock, no allocation. Thread-safe; a reading while others write may miss what is being written.
 */
final class Latencies {
    private static final long FIRST = TimeUnit.MICROSECONDS.toNanos(100);
    private static final int DECADES = 6;
    private static final int STEPS = 9;

    /** The last bucket has no upper bound. */
    static final int BUCKETS = DECADES * STEPS + 2;

    private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);
    private final LongAdder nanos = new LongAdder();

    /** Counts one. */
    void record(long took) {
        counts.getAndIncrement(bucket(took));
        nanos.add(took);
    }

    /** All of it at this moment. */
    Snapshot snapshot() {
        long[] copy = new long[BUCKETS];
        for (int i = 0; i < BUCKETS; i++) {
            copy[i] = counts.get(i);
        }
        return new Snapshot(copy, nanos.sum());
    }

    /** The bucket of a time: the first whose bound is not below it. */
    static int bucket(long took) {
        long unit = FIRST;
        for (int decade = 0; decade < DECADES; decade++) {
            if (took <= unit * (STEPS + 1) || decade == DECADES - 1) {
                long step = (Math.max(took, 1) - 1) / unit; // 0 for what is no longer than the unit
                return decade * STEPS + (int) Math.min(step, STEPS + 1);
            }
            unit *= STEPS + 1;
        }
        return BUCKETS - 1;
    }

    /** The upper bound of a bucket in nanoseconds; {@link Long#MAX_VALUE} for the last. */
    static long bound(int bucket) {
        if (bucket >= BUCKETS - 1) {
            return Long.MAX_VALUE;
        }
        if (bucket == BUCKETS - 2) {
            return FIRST * Math.round(Math.pow(STEPS + 1, DECADES));
        }
        int decade = bucket / STEPS;
        return FIRST * Math.round(Math.pow(STEPS + 1, decade)) * (bucket % STEPS + 1);
    }

    static double seconds(long nanos) {
        return (double) nanos / TimeUnit.SECONDS.toNanos(1);
    }

    /**
     * The times at one moment.
     *
     * @param counts of each bucket
     * @param nanos all of them together
     */
    @SuppressWarnings("ArrayRecordComponent") // read only, and by this package alone
    record Snapshot(long[] counts, long nanos) {
        long count() {
            long sum = 0;
            for (long count : counts) {
                sum += count;
            }
            return sum;
        }

        /** How many took no longer than this, which is to be a bound of ours. */
        long upTo(long bound) {
            long sum = 0;
            for (int i = 0; i < counts.length && bound(i) <= bound; i++) {
                sum += counts[i];
            }
            return sum;
        }

        Snapshot plus(Snapshot other) {
            long[] sum = counts.clone();
            for (int i = 0; i < sum.length; i++) {
                sum[i] += other.counts[i];
            }
            return new Snapshot(sum, nanos + other.nanos);
        }

        /** Milliseconds that this share of them took at most, between the bounds of a bucket by its share; 0 of none. */
        double quantileMillis(double share) {
            double rank = share * count();
            long below = 0;
            for (int i = 0; i < counts.length; i++) {
                if (counts[i] > 0 && below + counts[i] >= rank) {
                    long from = i == 0 ? 0 : bound(i - 1);
                    long to = i == counts.length - 1 ? from : bound(i);
                    return (from + (to - from) * (rank - below) / counts[i]) / TimeUnit.MILLISECONDS.toNanos(1);
                }
                below += counts[i];
            }
            return 0;
        }

        double meanMillis() {
            long count = count();
            return count == 0 ? 0 : (double) nanos / count / TimeUnit.MILLISECONDS.toNanos(1);
        }
    }
}
