package marina.context;

import marina.backend.BackendListener;
import marina.backend.BackendState;
import marina.backend.BackendStatus;
import marina.backend.ProcessInstance;
import marina.config.ContextConfig;
import marina.metrics.ContextMeter;

/**
 * Counts starts and ends of one instance, and passes on what it hears.
 *
 * @param context whose instance
 * @param instance which one, from 0
 * @param meter of its path
 * @param states hear of it, too
 * @param next has the last word
 */
record CountedLives(ContextConfig context, int instance, ContextMeter meter, StateListener states, BackendListener next)
        implements BackendListener {

    @Override
    public void changed(BackendState from, BackendState to, BackendStatus now) {
        if (from == BackendState.STARTING && to == BackendState.READY) {
            meter.started(now.lastStart().toNanos());
        } else if (to == BackendState.FAILED) {
            boolean forMemory = ProcessInstance.isForMemory(now.reason());
            if (from == BackendState.READY) {
                meter.crashed(forMemory);
            } else {
                meter.startFailed(forMemory);
            }
        }
        states.changed(context, instance, from, to, now);
        next.changed(from, to, now);
    }

    @Override
    public boolean awaitsIdle() {
        return next.awaitsIdle();
    }

    @Override
    public void idle() {
        next.idle();
    }
}
