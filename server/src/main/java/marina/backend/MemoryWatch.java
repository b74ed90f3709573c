package marina.backend;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures every few seconds what all processes of a room use together, and has the longest idle one stopped while that
 * is more than {@code limits.memory} or the kernel reports pressure. Without that limit it does nothing. Thread-safe.
 */
public final class MemoryWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    /**
     * Tasks have waited for memory in this share of the last ten seconds. A machine with enough memory stays below 1; at
     * 10 requests are noticeably slower, while there is still time to stop a process in good order, which at the 40 to
     * 60 at which out-of-memory daemons kill there is not.
     */
    private static final double PRESSURE_PERCENT = 10;

    /** The kernel's average forgets only as fast as this, so the effect of a stop shows no sooner. */
    private static final Duration PRESSURE_PAUSE = Duration.ofSeconds(10);

    /** To measure a process takes a look at all of them, so many take long: the rest is this many times as long. */
    private static final int REST_FACTOR = 20;

    private final Room room;
    private final MemoryPressure pressure;
    private final AtomicBoolean measuring = new AtomicBoolean();
    private volatile long quietUntil = System.nanoTime();
    private volatile long restUntil = quietUntil;
    private volatile @Nullable ScheduledFuture<?> task;

    /** Watches the processes of this room. */
    public MemoryWatch(Room room) {
        this(room, new MemoryPressure(Path.of("/proc/pressure/memory")));
    }

    MemoryWatch(Room room, MemoryPressure pressure) {
        this.room = room;
        this.pressure = pressure;
    }

    /**
     * Begins to measure.
     *
     * @param scheduler says when
     * @param executor measures, which takes a while where many processes run
     */
    public void start(ScheduledExecutorService scheduler, Executor executor) {
        Runnable measure = () -> {
            if (System.nanoTime() - restUntil >= 0 && measuring.compareAndSet(false, true)) {
                executor.execute(this::measure);
            }
        };
        task = scheduler.scheduleWithFixedDelay(
                measure, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        ScheduledFuture<?> running = task;
        if (running != null) {
            running.cancel(false);
        }
    }

    /** Measures now, and has the room act on it. */
    void measure() {
        long begin = System.nanoTime();
        try {
            String shortage =
                    room.limits().memory() == 0 ? "" : shortage(room.limits().memory());
            if (shortage.isEmpty()) {
                room.memoryEnough();
            } else {
                room.memoryShort(shortage);
            }
        } catch (RuntimeException e) {
            LOG.warn("The memory of the backends could not be measured", e);
        } finally {
            long end = System.nanoTime();
            restUntil = end + (end - begin) * REST_FACTOR;
            measuring.set(false);
        }
    }

    private String shortage(long limit) {
        long used = room.residentBytes();
        LOG.debug("The backends use {} of {} bytes", used, limit);
        if (used > limit) {
            return "all backends used " + megabytes(used) + " of " + megabytes(limit) + " (limits.memory)";
        }
        OptionalDouble percent = pressure.percent();
        if (percent.orElse(0) < PRESSURE_PERCENT || System.nanoTime() - quietUntil < 0) {
            return "";
        }
        quietUntil = System.nanoTime() + PRESSURE_PAUSE.toNanos();
        return String.format(
                Locale.ROOT,
                "the kernel reported memory pressure of %.1f%%, all backends used %s (limits.memory)",
                percent.getAsDouble(),
                megabytes(used));
    }

    private static String megabytes(long bytes) {
        return (bytes >> 20) + "M";
    }
}
