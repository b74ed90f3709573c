package marina.metrics;

import org.jspecify.annotations.Nullable;

/**
 * What one path has done since it was mounted first, over all restarts: its requests, and the lives of what answers them.
 * Thread-safe.
 */
public final class ContextMeter extends TrafficMeter {
    private @Nullable Latencies starts; // guarded by this, as what follows; from the first on
    private long crashes;
    private long failedStarts;
    private long restarts;
    private long memoryKills;
    private boolean crashed;

    /** Of a path that has done nothing. */
    public ContextMeter() {}

    /**
     * It has become ready.
     *
     * @param nanos since its start was decided
     */
    public synchronized void started(long nanos) {
        Latencies times = starts == null ? new Latencies() : starts;
        times.record(nanos);
        starts = times;
        restarts += crashed ? 1 : 0;
        crashed = false;
    }

    /**
     * Its start has failed.
     *
     * @param forMemory whether it was killed for its memory
     */
    public synchronized void startFailed(boolean forMemory) {
        failedStarts++;
        memoryKills += forMemory ? 1 : 0;
    }

    /**
     * It has ended by itself while it was ready.
     *
     * @param forMemory whether it was killed for its memory
     */
    public synchronized void crashed(boolean forMemory) {
        crashed = true;
        crashes++;
        memoryKills += forMemory ? 1 : 0;
    }

    /** Whether anything of it has ever run, or tried to. */
    public synchronized boolean hasLived() {
        return starts != null || failedStarts > 0;
    }

    /** What has been counted of its lives. */
    public synchronized Lives lives() {
        Latencies times = starts == null ? new Latencies() : starts;
        return new Lives(times.snapshot(), crashes, failedStarts, restarts, memoryKills);
    }

    /**
     * The lives of an application.
     *
     * @param starts and how long they took
     * @param crashes ends while it was ready that nobody asked for
     * @param failedStarts that did not lead to an application that is ready
     * @param restarts starts after a crash
     * @param memoryKills crashes and failed starts for want of memory
     */
    public record Lives(Starts starts, long crashes, long failedStarts, long restarts, long memoryKills) {
        private Lives(Latencies.Snapshot starts, long crashes, long failedStarts, long restarts, long memoryKills) {
            this(new Starts(starts), crashes, failedStarts, restarts, memoryKills);
        }
    }

    /** Starts and how long they took. */
    public static final class Starts {
        private final Latencies.Snapshot times;

        private Starts(Latencies.Snapshot times) {
            this.times = times;
        }

        /** How many. */
        public long count() {
            return times.count();
        }

        Latencies.Snapshot times() {
            return times;
        }
    }
}
