package marina.context;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import marina.backend.LiveProcesses;
import marina.config.ContextPath;

/**
 * Who runs at each path. It is the generations of a path that keep what they share: a path that is taken away and comes
 * back while its last generation still stops meets that one; a path whose last generation is gone is forgotten.
 * Thread-safe.
 */
final class PathProcesses {
    private final Map<ContextPath, Shared> paths = new ConcurrentHashMap<>();
    private final ReferenceQueue<LiveProcesses> gone = new ReferenceQueue<>();

    /** For a new generation of a path, which has to hold it. */
    LiveProcesses of(ContextPath path) {
        forgetWhatIsGone();
        LiveProcesses fresh = new LiveProcesses();
        while (true) {
            Shared shared = paths.computeIfAbsent(path, key -> new Shared(key, fresh, gone));
            LiveProcesses processes = shared.get();
            if (processes != null) {
                return processes;
            }
            paths.remove(path, shared);
        }
    }

    private void forgetWhatIsGone() {
        for (Reference<?> one = gone.poll(); one != null; one = gone.poll()) {
            if (one instanceof Shared shared) {
                paths.remove(shared.path, shared);
            }
        }
    }

    private static final class Shared extends WeakReference<LiveProcesses> {
        private final ContextPath path;

        Shared(ContextPath path, LiveProcesses processes, ReferenceQueue<LiveProcesses> gone) {
            super(processes, gone);
            this.path = path;
        }
    }
}
