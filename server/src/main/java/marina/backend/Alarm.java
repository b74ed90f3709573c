package marina.backend;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A timer that can be set, moved and switched off; when it rings, its owner's lock is held. Guarded by that lock. */
final class Alarm {
    private static final Logger LOG = LoggerFactory.getLogger(Alarm.class);

    private final ScheduledExecutorService scheduler;
    private final Guard guard;
    private final Runnable ring;
    private @Nullable ScheduledFuture<?> pending;

    /** Counts the settings, so that one that rings while it is being moved knows that it is late. */
    private long setting;

    Alarm(ScheduledExecutorService scheduler, Guard guard, Runnable ring) {
        this.scheduler = scheduler;
        this.guard = guard;
        this.ring = ring;
    }

    boolean isSet() {
        return pending != null;
    }

    /** Rings after this long; a setting from before is forgotten. */
    void set(long nanos) {
        clear();
        long mine = setting;
        try {
            pending = scheduler.schedule(() -> fire(mine), Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("No timer any more, the server is stopping: {}", e.toString());
        }
    }

    void clear() {
        setting++;
        if (pending != null) {
            pending.cancel(false);
            pending = null;
        }
    }

    private void fire(long mine) {
        guard.run(() -> {
            if (mine == setting) {
                pending = null;
                ring.run();
            }
        });
    }
}
