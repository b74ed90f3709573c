package marina.simulator.edge;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import marina.simulator.topology.Topology.CacheRule;
import org.jspecify.annotations.Nullable;

/**
 * Replays that the edge remembers, for paths and for sessions, for each host name by itself. Thread-safe.
 */
final class ReplayCache {

    private static final Duration LEAST_TTL = Duration.ofSeconds(10);
    private static final String SKIP = "fly-replay-cache-control";

    private final Map<Key, Entry> entries = new ConcurrentHashMap<>();

    /**
     * Which requests an entry is for.
     *
     * @param prefix of the path, ending with a slash
     * @param session the value of the cookie or field of a rule; empty for path-based entries
     */
    private record Key(String app, String host, String prefix, String session) {}

    private record Entry(Replay replay, long ends, boolean allowBypass) {}

    /**
     * The answer to a look-up.
     *
     * @param replay null unless it is to be used
     * @param bypassed whether there is one, which the client has skipped
     */
    record Found(@Nullable Replay replay, boolean bypassed) {

        static final Found NONE = new Found(null, false);
    }

    Found find(Entrance entrance, RequestHead head) {
        for (Key key : keys(entrance, head)) {
            Entry entry = entries.get(key);
            if (entry != null && System.nanoTime() - entry.ends() >= 0) {
                entries.remove(key, entry);
            } else if (entry != null) {
                boolean skip = entry.allowBypass() && "skip".equalsIgnoreCase(head.field(SKIP));
                return skip ? new Found(null, true) : new Found(entry.replay(), false);
            }
        }
        return Found.NONE;
    }

    /** Forgets what it remembers of such requests. */
    void forget(Entrance entrance, RequestHead head) {
        keys(entrance, head).forEach(entries::remove);
    }

    /**
     * Remembers a replay if it asks for that, or a rule does.
     *
     * @return why it does not, when it was asked to; null otherwise
     */
    @Nullable
    String remember(Entrance entrance, RequestHead head, Replay replay) {
        Optional<String> pattern = replay.caching().pattern();
        Optional<CacheRule> rule = rule(entrance, head);
        if (pattern.isEmpty() && rule.isEmpty()) {
            return null;
        }
        if (!replay.cacheable()) {
            return "state, timeout, fallback, elsewhere and transform cannot be cached";
        }
        if (pattern.isEmpty()) {
            CacheRule found = rule.get();
            put(key(entrance, head, found), replay, found.ttl(), found.allowBypass());
            return null;
        }
        Duration ttl = replay.caching().ttl();
        if (ttl.compareTo(LEAST_TTL) < 0) {
            return "the ttl is shorter than 10 seconds";
        }
        String text = pattern.get();
        int slash = text.indexOf('/');
        String host = slash > 0 ? text.substring(0, slash) : head.host();
        String path = slash < 0 ? "" : text.substring(slash);
        if (!path.endsWith("/*") || !host.equals(head.host()) || !below(head.path(), stem(path))) {
            return "the pattern " + text + " does not end with /* or does not match the request";
        }
        put(
                new Key(entrance.app().name(), host, stem(path), ""),
                replay,
                ttl,
                replay.caching().allowBypass());
        return null;
    }

    private void put(Key key, Replay replay, Duration ttl, boolean allowBypass) {
        entries.put(key, new Entry(replay, System.nanoTime() + ttl.toNanos(), allowBypass));
    }

    private static String stem(String pattern) {
        return pattern.substring(0, pattern.length() - 1);
    }

    private static boolean below(String path, String prefix) {
        return path.startsWith(prefix) || prefix.equals(path + "/");
    }

    /** The keys under which an entry for this request may be, longest prefix first. */
    private List<Key> keys(Entrance entrance, RequestHead head) {
        List<Key> found = new ArrayList<>();
        rule(entrance, head).ifPresent(rule -> found.add(key(entrance, head, rule)));
        for (Key key : entries.keySet()) {
            if (key.session().isEmpty()
                    && key.app().equals(entrance.app().name())
                    && key.host().equals(head.host())
                    && below(head.path(), key.prefix())) {
                found.add(key);
            }
        }
        found.sort(Comparator.comparingInt(key -> -key.prefix().length()));
        return found;
    }

    private static Key key(Entrance entrance, RequestHead head, CacheRule rule) {
        return new Key(entrance.app().name(), head.host(), rule.pathPrefix(), session(head, rule));
    }

    private static String session(RequestHead head, CacheRule rule) {
        String value = rule.cookie() ? head.cookie(rule.name()) : head.field(rule.name());
        return value == null ? "" : rule.name() + "=" + value;
    }

    private static Optional<CacheRule> rule(Entrance entrance, RequestHead head) {
        return entrance.service().replayCache().stream()
                .filter(rule -> head.path().startsWith(rule.pathPrefix())
                        && !session(head, rule).isEmpty())
                .max(Comparator.comparingInt(rule -> rule.pathPrefix().length()));
    }
}
