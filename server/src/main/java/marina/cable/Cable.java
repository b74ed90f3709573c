package marina.cable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import marina.config.CableConfig;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.Configuration;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.server.WebSocketMappings;
import org.eclipse.jetty.websocket.core.server.WebSocketNegotiator;
import org.jspecify.annotations.Nullable;

/** The sockets of browsers and the broadcasts of applications: one of each server. Sockets outlive reloads. Thread-safe. */
public final class Cable implements AutoCloseable {
    /** Whose streams those are that no context has for itself. */
    public static final String ROOT = "/";

    private static final long LOOK_SECONDS = 1;
    private static final int RETRY_SECONDS = 5;

    private final Supplier<CableConfig> config;
    private final Executor executor;
    private final Refusals refusals;
    private final CableHub hub = new CableHub();
    private final CableKeys keys = new CableKeys();
    private final Admission admission = new Admission();
    private final CableCounters counters = new CableCounters();
    private final BroadcastHandler broadcasts = new BroadcastHandler(this);
    private final Backlogs backlogs = Backlogs.ofThisJvm();
    private final Set<CableSocket> sockets = ConcurrentHashMap.newKeySet();
    private final WebSocketMappings upgrades;
    private final @Nullable ScheduledFuture<?> look;
    private volatile @Nullable Relay relay;
    private volatile boolean closed;

    /** Answers with a status and a page. */
    public interface Refusals {
        /** Answers. */
        void refuse(int status, Request request, Response response, Callback callback);
    }

    /**
     * A cable without sockets.
     *
     * @param config what holds now; follows reloads
     * @param components of Jetty's WebSockets
     * @param executor sends broadcasts
     * @param scheduler looks after the sockets
     * @param refusals answers those who may not enter
     */
    public Cable(
            Supplier<CableConfig> config,
            WebSocketComponents components,
            Executor executor,
            ScheduledExecutorService scheduler,
            Refusals refusals) {
        this.config = config;
        this.executor = executor;
        this.refusals = refusals;
        this.upgrades = new WebSocketMappings(components);
        this.look = scheduler.scheduleWithFixedDelay(this::lookLater, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    /** Whether a path is that of broadcasts. */
    public boolean takesBroadcasts(String path) {
        CableConfig now = config.get();
        return now.enabled() && path.equals(now.broadcastPath());
    }

    /** Answers a request for the path of broadcasts. */
    public void broadcast(Request request, Response response, Callback callback) {
        broadcasts.handle("", request, response, callback);
    }

    /**
     * Answers a request for a path below that of broadcasts: {@code broadcast_path/TOKEN}. For a connector that applications on
     * this machine alone know.
     */
    public void broadcastWithToken(Request request, Response response, Callback callback) {
        CableConfig now = config.get();
        String path = request.getHttpURI().getCanonicalPath();
        String prefix = now.broadcastPath() + "/";
        if (!now.enabled() || closed || path == null || !path.startsWith(prefix)) {
            Response.writeError(request, response, callback, HttpStatus.NOT_FOUND_404);
        } else {
            broadcasts.handle(path.substring(prefix.length()), request, response, callback);
        }
    }

    /**
     * What the application of a context must know: where to broadcast, where its pages open sockets, what to sign names with.
     *
     * @param path of the context
     * @param broadcasts the address of the connector for {@link #broadcastWithToken}
     */
    public Map<String, String> variables(String path, String broadcasts) {
        CableConfig now = config.get();
        if (!now.enabled() || broadcasts.isEmpty()) {
            return Map.of();
        }
        String scope = now.shared() ? ROOT : path;
        Map<String, String> variables = new TreeMap<>();
        variables.put("TURBO_CABLE_BROADCAST_URL", broadcasts + now.broadcastPath() + "/" + keys.token(path));
        variables.put("TURBO_CABLE_PATH", (scope.equals(ROOT) ? "" : path) + now.path());
        String key = CableKeys.signingKey(now, scope);
        if (!key.isEmpty()) {
            variables.put("TURBO_CABLE_SIGNING_KEY", key);
        }
        return variables;
    }

    /**
     * Opens a socket.
     *
     * @param path of the context whose streams it is to see
     */
    public void open(String path, Request request, Response response, Callback callback) {
        CableConfig now = config.get();
        if (!upgrades.getHandshaker().isWebSocketUpgradeRequest(request)) {
            refusals.refuse(HttpStatus.BAD_REQUEST_400, request, response, callback);
            return;
        }
        int refusal = closed ? HttpStatus.SERVICE_UNAVAILABLE_503 : admission.refusal(now, request, sockets.size());
        if (refusal != 0) {
            counters.refusedSockets.increment();
            if (refusal == HttpStatus.SERVICE_UNAVAILABLE_503) {
                response.getHeaders().put(HttpHeader.RETRY_AFTER, RETRY_SECONDS);
            }
            refusals.refuse(refusal, request, response, callback);
            return;
        }
        String scope = now.shared() ? ROOT : path;
        StreamNames names = new StreamNames(CableKeys.signingKey(now, scope).getBytes(StandardCharsets.UTF_8));
        CableSocket.Terms terms = new CableSocket.Terms(
                scope,
                names,
                Admission.client(request),
                now.limits().subscriptions(),
                now.limits().queue());
        WebSocketNegotiator negotiator = (asked, answer, done) -> {
            answer.setExtensions(List.of()); // a deflater takes more memory than a socket
            return new CableSocket(this, terms);
        };
        if (!upgrades.upgrade(negotiator, request, response, callback, settings(now))) {
            refusals.refuse(HttpStatus.BAD_REQUEST_400, request, response, callback);
        }
    }

    private static Configuration.Customizer settings(CableConfig now) {
        Configuration.ConfigurationCustomizer settings = new Configuration.ConfigurationCustomizer();
        settings.setIdleTimeout(Duration.ZERO); // signs of life are asked for by messages
        settings.setMaxTextMessageSize(now.limits().message());
        settings.setMaxBinaryMessageSize(now.limits().message());
        settings.setMaxFrameSize(now.limits().message());
        settings.setAutoFragment(true); // what arrives is counted piece by piece
        return settings;
    }

    /** Sends data to a stream; false when too much is on its way. */
    boolean publish(CableHub.Key key, String data) {
        int size = data.length() + 1;
        if (closed || !backlogs.onTheWay().take(size)) {
            return false;
        }
        counters.broadcasts.increment();
        Message message =
                new Message(data, backlogs.waiting(), () -> backlogs.onTheWay().give(size));
        hub.publish(key, message, executor);
        return true;
    }

    /** Tells the machines that share a relay, if there is one. */
    void relay(CableHub.Key key, String data) {
        Relay others = relay;
        if (others != null) {
            others.tell(key, data);
        }
    }

    /** Goes over to the relay of the configuration that holds now. Called by one thread at a time. */
    public void follow() {
        CableConfig now = config.get();
        boolean wanted = now.enabled() && !now.relay().toString().isEmpty() && !closed;
        Relay former = relay;
        if (former != null && (!wanted || !former.server().equals(now.relay()))) {
            relay = null;
            former.close();
        }
        if (wanted && relay == null) {
            relay = new Relay(now.relay(), this::publish);
        }
    }

    CableConfig config() {
        return config.get();
    }

    CableHub hub() {
        return hub;
    }

    CableKeys keys() {
        return keys;
    }

    CableCounters counters() {
        return counters;
    }

    Backlogs backlogs() {
        return backlogs;
    }

    void opened(CableSocket socket) {
        sockets.add(socket);
        admission.entered(socket.client());
        if (closed) {
            socket.close(CloseStatus.SHUTDOWN, "the server stops");
        }
    }

    void closed(CableSocket socket) {
        if (sockets.remove(socket)) {
            admission.left(socket.client());
        }
    }

    /** What it is doing. */
    public CableStatus status() {
        Relay others = relay;
        return new CableStatus(
                sockets.size(),
                hub.streams(),
                hub.subscriptions(),
                counters.broadcasts.sum(),
                counters.refusedBroadcasts.sum(),
                counters.delivered.sum(),
                counters.dropped.sum(),
                counters.refusedSockets.sum(),
                counters.refusedSubscriptions.sum(),
                counters.cutOff.sum(),
                others != null && others.isConnected(),
                others == null ? 0 : others.lost());
    }

    private void lookLater() {
        if (!sockets.isEmpty()) {
            executor.execute(this::look);
        }
    }

    private void look() {
        CableConfig now = config.get();
        if (!now.enabled()) {
            leave("there is no cable any more");
        }
        long time = System.nanoTime();
        sockets.forEach(socket -> socket.look(time, now.ping()));
    }

    /** Closes all sockets with status 1001, "going away": their clients come back when they can. */
    public void leave(String reason) {
        sockets.forEach(socket -> socket.close(CloseStatus.SHUTDOWN, reason));
    }

    /** As {@link #leave}; no more are opened. */
    @Override
    public void close() {
        closed = true;
        if (look != null) {
            look.cancel(false);
        }
        leave("the server stops");
        follow();
    }
}
