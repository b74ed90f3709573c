package marina.backend;

/** Hears of a backend's transitions, in order, outside of its lock. Must return quickly and not throw. */
@FunctionalInterface
public interface BackendListener {

    /** Just went from one state to the other. */
    void changed(BackendState from, BackendState to, BackendStatus now);

    /**
     * Whether {@link #idle} is to be called. Asked at the end of a lease, with the backend's lock held: must do no more
     * than read.
     */
    default boolean awaitsIdle() {
        return false;
    }

    /** The last lease has been given back. */
    default void idle() {}
}
