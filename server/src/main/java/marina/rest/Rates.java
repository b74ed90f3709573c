package marina.rest;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import marina.context.MountedContext;
import marina.server.MarinaServer;

/**
 * How many requests come in a second, measured between two looks at the counters that are some seconds apart. Looks only when
 * it is asked, so that the first answer after a while knows nothing yet. Thread-safe.
 */
final class Rates {
    private static final long SHORTEST_NANOS = TimeUnit.MILLISECONDS.toNanos(1_500);
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final MarinaServer server;
    private volatile Look look = new Look(0, Map.of(), Map.of(), 0);

    /**
     * Counters at one time, and what came of them since the look before.
     *
     * @param nanos when; 0 for never
     */
    private record Look(long nanos, Map<String, Long> counts, Map<String, Double> perSecond, double total) {}

    Rates(MarinaServer server) {
        this.server = server;
    }

    /** Requests in a second that a context gets. */
    double of(String name) {
        return current().perSecond.getOrDefault(name, 0.0);
    }

    /** Requests in a second that all contexts get. */
    double total() {
        return current().total;
    }

    private Look current() {
        Look before = look;
        long now = System.nanoTime();
        if (before.nanos != 0 && now - before.nanos < SHORTEST_NANOS) {
            return before;
        }
        Look next = look(before, now);
        look = next; // two that look at once see the same
        return next;
    }

    private Look look(Look before, long now) {
        Map<String, Long> counts = new HashMap<>();
        Map<String, Double> perSecond = new HashMap<>();
        boolean known = before.nanos != 0 && now - before.nanos < LONGEST_NANOS;
        double seconds = (now - before.nanos) / (double) TimeUnit.SECONDS.toNanos(1);
        double total = 0;
        for (Collection<MountedContext> contexts :
                List.of(server.host().contexts(), server.host().olderVersions())) {
            for (MountedContext context : contexts) {
                String name = ContextJson.name(server, context);
                long count = context.requests();
                counts.put(name, count);
                Long earlier = before.counts.get(name);
                if (known && earlier != null && count > earlier) {
                    double rate = (count - earlier) / seconds;
                    perSecond.put(name, rate);
                    total += rate;
                }
            }
        }
        return new Look(now, counts, perSecond, total);
    }
}
