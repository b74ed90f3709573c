package marina.metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The meters by path: a path keeps its meter while it is mounted, whatever is mounted there. Thread-safe. */
public final class ContextMeters {
    private final Map<String, ContextMeter> meters = new ConcurrentHashMap<>();

    /** No paths yet. */
    public ContextMeters() {}

    /** That of a path. */
    public ContextMeter of(String path) {
        return meters.computeIfAbsent(path, unused -> new ContextMeter());
    }

    /** A path that is mounted no more: one that comes back begins at zero. */
    public void forget(String path) {
        meters.remove(path);
    }
}
