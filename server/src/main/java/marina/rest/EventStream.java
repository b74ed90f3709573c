package marina.rest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import marina.context.ContextStatus;
import marina.context.MountedContext;
import marina.server.MarinaServer;
import org.eclipse.jetty.util.ajax.JSON;
import org.jspecify.annotations.Nullable;

/**
 * Tells clients every two seconds how the server is, and which contexts have changed. Looks only while somebody listens, once
 * for all. Thread-safe.
 */
final class EventStream implements Endpoint {
    private static final long INTERVAL_SECONDS = 2;
    private static final int MOST_CLIENTS = 100;

    private final MarinaServer server;
    private final StatusJson status;
    private final ContextJson contexts;
    private final Set<EventClient> clients = ConcurrentHashMap.newKeySet();
    private @Nullable ScheduledFuture<?> task; // guarded by this
    private Map<String, Seen> seen = new HashMap<>(); // guarded by this
    private boolean leaving; // guarded by this

    /** What tells whether a row would look different. */
    private record Seen(String state, String reason, long requests, int leases, List<Long> pids, double perSecond) {}

    EventStream(MarinaServer server, StatusJson status, ContextJson contexts) {
        this.server = server;
        this.status = status;
        this.contexts = contexts;
    }

    @Override
    public void answer(Call call) throws BadCall {
        if (clients.size() >= MOST_CLIENTS) {
            throw new BadCall(503, "so many clients listen already: " + clients.size());
        }
        EventClient client = new EventClient(call, clients::remove);
        client.begin(() -> clients.add(client));
        client.send(event("status", status.now()));
        watch();
    }

    /** Ends all streams. */
    void leave() {
        synchronized (this) {
            leaving = true;
        }
        clients.forEach(EventClient::end);
    }

    private synchronized void watch() {
        if (leaving) {
            clients.forEach(EventClient::end);
        } else if (task == null) {
            seen = look();
            task = server.scheduler()
                    .scheduleWithFixedDelay(
                            () -> server.executor().execute(this::tick),
                            INTERVAL_SECONDS,
                            INTERVAL_SECONDS,
                            TimeUnit.SECONDS);
        }
    }

    private void tick() {
        clients.forEach(EventClient::endUnlessAllowed); // which may ask the disk
        tell();
    }

    private synchronized void tell() {
        if (clients.isEmpty()) {
            if (task != null) {
                task.cancel(false);
            }
            task = null;
            return;
        }
        StringBuilder events = new StringBuilder(event("status", status.now()));
        Map<String, Seen> now = look();
        List<Object> changed = new ArrayList<>();
        for (MountedContext context : contexts.all()) {
            String name = ContextJson.name(server, context);
            Seen next = now.get(name);
            if (next != null && !next.equals(seen.get(name))) {
                changed.add(contexts.row(context));
            }
        }
        Set<String> gone = new HashSet<>(seen.keySet());
        gone.removeAll(now.keySet());
        seen = now;
        if (!changed.isEmpty()) {
            events.append(event("contexts", changed));
        }
        if (!gone.isEmpty()) {
            events.append(event("gone", gone.stream().sorted().toList()));
        }
        String text = events.toString();
        clients.forEach(client -> client.send(text));
    }

    private Map<String, Seen> look() {
        Map<String, Seen> now = new HashMap<>();
        for (MountedContext context : contexts.all()) {
            ContextStatus one = context.status();
            String name = ContextJson.name(server, context);
            now.put(
                    name,
                    new Seen(
                            one.state(),
                            one.backend().reason(),
                            one.requests(),
                            one.backend().leases(),
                            one.pids(),
                            one.traffic().perSecond()));
        }
        return now;
    }

    /** As the standard of server-sent events wants it (WHATWG HTML, 9.2): JSON has no line ends. */
    static String event(String name, Object json) {
        return "event: " + name + "\ndata: " + new JSON().toJSON(json) + "\n\n";
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
