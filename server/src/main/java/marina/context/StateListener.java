package marina.context;

import marina.backend.BackendState;
import marina.backend.BackendStatus;
import marina.config.ContextConfig;

/** Hears how the applications of contexts come and go. Must return quickly. */
@FunctionalInterface
public interface StateListener {
    /** Nobody listens. */
    StateListener NONE = (context, instance, from, to, now) -> {};

    /**
     * One of a context's instances went from one state to the other.
     *
     * @param context the configuration that it runs by
     * @param instance which of them, from 0
     * @param now of that instance
     */
    void changed(ContextConfig context, int instance, BackendState from, BackendState to, BackendStatus now);
}
