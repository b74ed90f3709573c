package marina.config;

import java.util.List;

/**
 * The commands around a backend's life.
 *
 * @param migrate before the first start of what has been deployed; a failure fails the start
 * @param start before the process; a failure fails the start
 * @param ready after it answered
 * @param stop after it stopped, so that its files are at rest
 */
public record ContextHooks(List<Hook> migrate, List<Hook> start, List<Hook> ready, List<Hook> stop) {

    /** No hooks at all. */
    public static final ContextHooks NONE = new ContextHooks(List.of(), List.of(), List.of(), List.of());

    /** Hooks that run at each start and stop. */
    public ContextHooks(List<Hook> start, List<Hook> ready, List<Hook> stop) {
        this(List.of(), start, ready, stop);
    }

    /** Copies its lists. */
    public ContextHooks {
        migrate = List.copyOf(migrate);
        start = List.copyOf(start);
        ready = List.copyOf(ready);
        stop = List.copyOf(stop);
    }
}
