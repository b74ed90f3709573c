package marina.host;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import marina.config.ContextConfig;
import marina.config.ContextPath;
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
    static ReloadPlan between(ServerConfig old, Map<ContextPath, ContextConfig> mounted, ServerConfig next) {
        List<ContextConfig> added = new ArrayList<>();
        List<ContextConfig> changed = new ArrayList<>();
        next.contexts().forEach((path, config) -> {
            ContextConfig before = mounted.get(path);
            if (before == null) {
                added.add(config);
            } else if (!before.equals(config)) {
                changed.add(config);
            }
        });
        List<ContextPath> removed = mounted.keySet().stream()
                .filter(path -> !next.contexts().containsKey(path))
                .sorted()
                .toList();
        return new ReloadPlan(List.copyOf(added), List.copyOf(changed), removed, needRestart(old, next));
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
