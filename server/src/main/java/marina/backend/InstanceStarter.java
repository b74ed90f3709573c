package marina.backend;

/**
 * Knows how to start an application.
 *
 * @param <I> what it starts
 */
@FunctionalInterface
public interface InstanceStarter<I extends Instance> {

    /** Begins to start one. Must not block for long. The next start is not begun before this one is over. */
    Start<I> start();
}
