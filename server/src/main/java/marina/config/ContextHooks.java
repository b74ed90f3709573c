package marina.config;

import java.util.List;

/**
 * The commands around a backend's life.
 *
 * @param start before the process; a failure fails the start
 * @param ready after it answered
 * @param stop after it stopped, so that its files are at rest
 */
public record ContextHooks(List<Hook> start, List<Hook> ready, List<Hook> stop) {

    /** No hooks at all. */
    public static final ContextHooks NONE = new ContextHooks(List.of(), List.of(), List.of());

    /** Copies its lists. */
    public ContextHooks {
        start = List.copyOf(start);
        ready = List.copyOf(ready);
        stop = List.copyOf(stop);
    }
}
