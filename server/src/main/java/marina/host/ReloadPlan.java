package marina.host;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import marina.config.ContextConfig;
import marina.config.ContextPath;
import marina.config.PathMap;
import marina.config.ServerConfig;
import marina.config.TrafficLimits;

/**
 * What has to be done to get from one configuration to the next.
 *
 * @param added contexts at paths that were free
 * @param changed contexts whose configuration or archive is another one now
 * @param removed paths whose context goes
 * @param needRestart settings that differ but only count after a restart, by their keys
 */
public record ReloadPlan(
        List<ContextConfig> added, List<ContextConfig> changed, List<ContextPath> removed, List<String> needRestart) {

    /** The difference between two configurations. */
    public static ReloadPlan between(ServerConfig old, ServerConfig next) {
        return between(old, old.contexts(), next);
    }

    /**
     * The difference between what is mounted and a configuration.
     *
     * @param mounted what is mounted now; it differs from {@code old} after a reload of which a step failed
     */
    static ReloadPlan between(ServerConfig old, PathMap<ContextConfig> mounted, ServerConfig next) {
        List<ContextConfig> added = new ArrayList<>();
        List<ContextConfig> changed = new ArrayList<>();
        List<ContextPath> removed = new ArrayList<>();
        mounted.differences(next.contexts(), (path, before, wanted) -> {
            if (wanted == null) {
                removed.add(path);
            } else if (before == null) {
                added.add(wanted);
            } else if (!wanted.equals(before)) {
                changed.add(wanted);
            }
        });
        return new ReloadPlan(List.copyOf(added), List.copyOf(changed), List.copyOf(removed), needRestart(old, next));
    }

    /** What will be there that was not, or not so. */
    Stream<ContextConfig> wanted() {
        return Stream.concat(added.stream(), changed.stream());
    }

    /** Whether there is nothing to do. */
    public boolean isEmpty() {
        return added.isEmpty() && changed.isEmpty() && removed.isEmpty();
    }

    /** {@code 1 added, 2 changed, 0 removed}. */
    @Override
    public String toString() {
        return added.size() + " added, " + changed.size() + " changed, " + removed.size() + " removed";
    }

    private static List<String> needRestart(ServerConfig old, ServerConfig next) {
        List<String> keys = new ArrayList<>();
        if (!old.log().equals(next.log())) {
            keys.add("log");
        }
        TrafficLimits before = old.limits().traffic();
        TrafficLimits after = next.limits().traffic();
        if (before.headerSize() != after.headerSize()) {
            keys.add("limits.header_size");
        }
        if (!before.keepAlive().equals(after.keepAlive())) {
            keys.add("limits.keep_alive");
        }
        return List.copyOf(keys);
    }
}
