package marina.host;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import marina.config.ContextPath;
import marina.context.MountedContext;
import marina.session.VersionTag;
import org.jspecify.annotations.Nullable;

/** The older versions that are mounted, by path and by the tag of their sessions. Requests read it without a lock. Thread-safe. */
final class VersionTable {
    private final Map<ContextPath, Map<String, MountedContext>> paths = new ConcurrentHashMap<>();

    /** Whether there are none at all: a glance, for all requests. */
    boolean isEmpty() {
        return paths.isEmpty();
    }

    /** Those of a context, by their tags; never changes. */
    Map<String, MountedContext> at(ContextPath path) {
        return paths.getOrDefault(path, Map.of());
    }

    @Nullable
    MountedContext find(ContextPath path, String version) {
        return at(path).get(VersionTag.of(version));
    }

    Stream<MountedContext> all() {
        return paths.values().stream().flatMap(versions -> versions.values().stream());
    }

    /** False, with nothing done, when there is one of that version. */
    boolean add(MountedContext version) {
        return change(version, versions -> versions.putIfAbsent(tag(version), version) == null);
    }

    /** False, with nothing done, when it is not there. */
    boolean replace(MountedContext version, MountedContext other) {
        return change(version, versions -> versions.replace(tag(version), version, other));
    }

    void remove(MountedContext version) {
        change(version, versions -> versions.remove(tag(version), version));
    }

    /** What is done to the versions of a path. */
    private interface Change {
        boolean on(Map<String, MountedContext> versions);
    }

    private synchronized boolean change(MountedContext version, Change change) {
        Map<String, MountedContext> versions = new HashMap<>(at(version.path()));
        boolean changed = change.on(versions);
        if (versions.isEmpty()) {
            paths.remove(version.path());
        } else if (changed) {
            paths.put(version.path(), Map.copyOf(versions));
        }
        return changed;
    }

    private static String tag(MountedContext version) {
        return VersionTag.of(version.config().version());
    }
}
