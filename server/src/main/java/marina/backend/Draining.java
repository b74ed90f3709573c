package marina.backend;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;

/** Until when requests in flight may go on, and the timer for that. Guarded by the backend's lock. */
final class Draining {
    private final Alarm alarm;
    private long until;

    /** Calls {@code tooLong} with the guard held. */
    Draining(ScheduledExecutorService scheduler, Guard guard, Runnable tooLong) {
        this.alarm = new Alarm(scheduler, guard, tooLong);
    }

    void begin(Duration limit) {
        until = System.nanoTime() + limit.toNanos();
        alarm.set(limit.toNanos());
    }

    /** Asked again: that can only bring the end nearer. */
    void shorten(Duration limit) {
        if (System.nanoTime() + limit.toNanos() - until < 0) {
            begin(limit);
        }
    }

    void end() {
        alarm.clear();
    }
}
