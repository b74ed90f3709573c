package marina.connection;

import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.io.ManagedSelector;
import org.jspecify.annotations.Nullable;

/** The connections on one selector. Those that nobody uses are kept by the address of their backend, the last used first. Thread-safe. */
final class Loop {
    private final ManagedSelector selector;
    private final Map<URI, Deque<BackendConnection>> idle = new HashMap<>(); // guarded by this, as all below
    private final Set<BackendConnection> open = new HashSet<>();

    Loop(ManagedSelector selector) {
        this.selector = selector;
    }

    ManagedSelector selector() {
        return selector;
    }

    synchronized @Nullable BackendConnection take(URI origin) {
        Deque<BackendConnection> free = idle.get(origin);
        return free == null ? null : free.pollFirst();
    }

    synchronized void opened(BackendConnection connection) {
        open.add(connection);
    }

    /** Keeps one for its next use; false when it has been closed meanwhile. */
    synchronized boolean keep(BackendConnection connection) {
        return open.contains(connection)
                && idle.computeIfAbsent(connection.origin(), key -> new ArrayDeque<>())
                        .offerFirst(connection);
    }

    /** Takes this one out of those that are kept; false when somebody else has. */
    synchronized boolean claim(BackendConnection connection) {
        Deque<BackendConnection> free = idle.get(connection.origin());
        return free != null && free.removeFirstOccurrence(connection);
    }

    synchronized void closed(BackendConnection connection) {
        open.remove(connection);
        Deque<BackendConnection> free = idle.get(connection.origin());
        if (free != null) {
            free.removeFirstOccurrence(connection);
        }
    }

    /** Those that are open, at this moment; forgets backends without a connection. */
    synchronized List<BackendConnection> all() {
        idle.values().removeIf(Deque::isEmpty);
        return List.copyOf(open);
    }

    synchronized boolean isEmpty() {
        return open.isEmpty();
    }
}
