package marina.machine;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Steps of a life, one after the other on one thread. Thread-safe. */
final class Steps {
    private static final Logger LOG = LoggerFactory.getLogger(Steps.class);

    private final ScheduledExecutorService scheduler;
    private volatile boolean closed;

    /**
     * None yet.
     *
     * @param scheduler with one thread
     */
    Steps(ScheduledExecutorService scheduler) {
        this.scheduler = scheduler;
    }

    void post(Runnable step) {
        later(Duration.ZERO, step);
    }

    void later(Duration pause, Runnable step) {
        try {
            var unused = scheduler.schedule(() -> run(step), pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("The server is stopping, the machine is left alone: {}", e.toString());
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** No step is taken from now on. */
    void close() {
        closed = true;
    }

    private void run(Runnable step) {
        if (closed) {
            return;
        }
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            LOG.error("A step in the life of the machine failed", e);
        }
    }
}
