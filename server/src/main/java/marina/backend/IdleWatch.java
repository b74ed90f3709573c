package marina.backend;

import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/**
 * Tells when nobody has used an instance for a while. One timer serves any number of requests: when it rings, it looks
 * how long it has really been, and sets itself again. Guarded by the backend's lock.
 */
final class IdleWatch {
    private final long timeoutNanos;
    private final boolean active;
    private final Alarm alarm;

    /** Calls {@code ring} with the guard held; that must ask {@link #isOver}. */
    IdleWatch(BackendSettings settings, ScheduledExecutorService scheduler, Guard guard, Consumer<IdleWatch> ring) {
        this.timeoutNanos = settings.idleTimeout().toNanos();
        this.active = !settings.keep() && timeoutNanos > 0;
        this.alarm = new Alarm(scheduler, guard, () -> ring.accept(this));
    }

    /** The instance is not in use. */
    void arm() {
        if (active && !alarm.isSet()) {
            alarm.set(timeoutNanos);
        }
    }

    /** There is no instance to watch. */
    void clear() {
        alarm.clear();
    }

    /** Whether an instance has been idle for long enough; when it is idle but not yet, the alarm rings again. */
    boolean isOver(Run<?> run) {
        if (run.leases() > 0) {
            return false; // the end of the last lease arms it again
        }
        long rest = timeoutNanos - run.idleNanos();
        if (rest > 0) {
            alarm.set(rest);
        }
        return rest <= 0;
    }
}
