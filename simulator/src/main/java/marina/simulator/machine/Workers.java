package marina.simulator.machine;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.thread.SerializedExecutor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who does the work of the machines: a queue for each, a clock, and somebody to tell of changes. Thread-safe. */
record Workers(
        Launcher launcher,
        Executor executor,
        ScheduledExecutorService clock,
        Listener listener,
        Map<String, Executor> queues) {

    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);

    /** Is told of what happens to machines. */
    interface Listener {
        /** A state or flag has changed. */
        void changed(Machine machine, String reason);

        /** Nothing that belongs into the journal, but somebody may wait for it. */
        void noticed();
    }

    Workers(Launcher launcher, Executor executor, ScheduledExecutorService clock, Listener listener) {
        this(launcher, executor, clock, listener, new ConcurrentHashMap<>());
    }

    Executor queue(Machine machine) {
        return queues.computeIfAbsent(machine.id(), id -> new SerializedExecutor(executor));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the task speaks for itself
    void later(Duration delay, Runnable task) {
        try {
            clock.schedule(() -> executor.execute(task), delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("Nothing is done later: the simulator ends", e);
        }
    }

    void changed(Machine machine, String reason) {
        listener.changed(machine, reason);
    }
}
