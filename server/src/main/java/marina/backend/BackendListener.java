package marina.backend;

/** Hears of a backend's transitions, in order, outside of its lock. Must return quickly and not throw. */
@FunctionalInterface
public interface BackendListener {

    /** Just went from one state to the other. */
    void changed(BackendState from, BackendState to, BackendStatus now);
}
