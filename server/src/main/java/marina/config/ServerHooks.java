package marina.config;

import java.util.List;

/**
 * The commands around the server's life.
 *
 * @param start before the first connection is accepted; a failure fails the start
 * @param reload at each reload, before it takes effect; a failure refuses it
 * @param ready in the background, after start and after each reload
 * @param suspend before the machine idles
 * @param resume after it wakes; requests other than health wait for these
 * @param stop when the server stops
 */
public record ServerHooks(
        List<Hook> start, List<Hook> reload, List<Hook> ready, List<Hook> suspend, List<Hook> resume, List<Hook> stop) {

    /** No hooks at all. */
    public static final ServerHooks NONE =
            new ServerHooks(List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

    /** Copies its lists. */
    public ServerHooks {
        start = List.copyOf(start);
        reload = List.copyOf(reload);
        ready = List.copyOf(ready);
        suspend = List.copyOf(suspend);
        resume = List.copyOf(resume);
        stop = List.copyOf(stop);
    }
}
