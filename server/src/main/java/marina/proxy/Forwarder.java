package marina.proxy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import marina.connection.BackendConnections;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.ContainerLifeCycle;
import org.eclipse.jetty.util.component.Graceful;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Forwards exchanges, plain and upgraded. One for the whole host, because it has the connections of all
 * contexts. Thread-safe; never blocks, so that a handler that only forwards may declare itself NON_BLOCKING.
 *
 * <p>Time: a backend has 5 s to accept a connection, may be silent for 2 minutes before its answer begins (then 504),
 * and for 15 minutes within it, so that server-sent events and long polls survive their quiet periods. An exchange as
 * a whole may take as long as it likes. An upgraded connection may be silent for an hour.
 */
public final class Forwarder extends ContainerLifeCycle implements Graceful {

    private static final int HEADERS_LIMIT = 64 * 1024;
    /** For questions, which have limits of their own. */
    private static final Duration LONGEST_CONNECT = Duration.ofMinutes(1);

    /** How long a WebSocket may take for its end after it has been told of it. */
    private static final Duration GOODBYE = Duration.ofSeconds(2);

    private static final Duration FORGET_BACKEND = Duration.ofMinutes(1);

    private final Server server;
    private final FailurePage failurePage;
    private final ForwardTimeouts timeouts;
    private final SslContextFactory.Client tls = LateTrust.client();
    /** For questions; exchanges go over {@link #connections}. */
    private final HttpClient client;

    private final BackendConnections connections;
    private final AtomicBoolean warnedOfNamedFile = new AtomicBoolean();
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private volatile boolean leaving;
    private final Set<UpgradeTunnel> tunnels = ConcurrentHashMap.newKeySet();

    /** Uses the server's threads, scheduler and buffers; to be started and stopped by its owner. */
    public Forwarder(Server server, FailurePage failurePage) {
        this(server, failurePage, ForwardTimeouts.DEFAULT);
    }

    Forwarder(Server server, FailurePage failurePage, ForwardTimeouts timeouts) {
        this.server = server;
        this.failurePage = failurePage;
        this.timeouts = timeouts;
        this.client = newClient();
        this.connections = new BackendConnections(server, tls, timeouts.pooled());
        installBean(client);
        installBean(connections);
    }

    private HttpClient newClient() {
        ClientConnector connector = new BackendConnector();
        connector.setSelectors(1);
        connector.setSslContextFactory(tls);
        connector.setExecutor(server.getThreadPool());
        connector.setScheduler(server.getScheduler());
        connector.setByteBufferPool(server.getByteBufferPool());
        // They are the server's, whoever is started first.
        connector.unmanage(server.getThreadPool());
        connector.unmanage(server.getScheduler());
        connector.unmanage(server.getByteBufferPool());
        connector.unmanage(tls); // the first connection starts it
        HttpClientTransportOverHTTP transport = new HttpClientTransportOverHTTP(connector);
        transport.setInvocationType(InvocationType.NON_BLOCKING);
        transport.setHeaderCacheSize(0); // 100 KB for each connection
        HttpClient plain = new HttpClient(transport);
        plain.setName("forwarder");
        plain.setConnectTimeout(LONGEST_CONNECT.toMillis());
        plain.setIdleTimeout(timeouts.pooled().toMillis());
        plain.setDestinationIdleTimeout(FORGET_BACKEND.toMillis());
        plain.setMaxResponseHeadersSize(HEADERS_LIMIT);
        plain.setFollowRedirects(false);
        plain.setUserAgentField(null);
        plain.setDefaultRequestContentType(null);
        plain.setHttpCookieStore(new HttpCookieStore.Empty());
        return plain;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        // What a browser's client does and this one must not: decode, redirect, answer challenges.
        client.getContentDecoderFactories().clear();
        client.getProtocolHandlers().clear();
        started.complete(null);
    }

    /** Closes the tunnels too: they would otherwise outlive the client that opened them. */
    @Override
    protected void doStop() throws Exception {
        tunnels.forEach(UpgradeTunnel::end);
        super.doStop();
        tls.stop();
    }

    /** Closes the WebSockets with status 1001; completes when no upgraded connection is left. */
    @Override
    public CompletableFuture<Void> shutdown() {
        leaving = true;
        closeWebSockets();
        return CompletableFuture.allOf(
                tunnels.stream().map(UpgradeTunnel::closed).toArray(CompletableFuture[]::new));
    }

    /** Closes those WebSockets that are open now with status 1001, and cuts off those that do not heed it in time. */
    public void closeWebSockets() {
        List<UpgradeTunnel> told = tunnels.stream().filter(UpgradeTunnel::leave).toList();
        server.getScheduler()
                .schedule(() -> told.forEach(UpgradeTunnel::end), GOODBYE.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public boolean isShutdown() {
        return leaving;
    }

    /**
     * Forwards one exchange. Always completes the callback, with an answer from the failure page when the target does
     * not answer. A request without body and with an idempotent method is sent once more when it met a pooled connection
     * that the target had closed; a refused connection is not tried again.
     *
     * <p>A client of HTTP/1.1 that leaves while the target is silent is noticed where the request is a {@link ClientWatch},
     * else at the next byte of the answer, because Jetty reads nothing from a connection whose request it has read; of
     * HTTP/2, at once.
     *
     * @return completes (never exceptionally) when the exchange has ended, an upgraded connection included; on a thread
     *     that must not be blocked
     */
    public CompletableFuture<Void> forward(
            ForwardTarget target, Request clientRequest, Response clientResponse, Callback callback) {
        return forward(target, TargetWatch.NOBODY, clientRequest, clientResponse, callback);
    }

    /**
     * Forwards one exchange as {@link #forward(ForwardTarget, Request, Response, Callback)} does.
     *
     * @param watch learns how it goes, and may take it over when it fails
     */
    public CompletableFuture<Void> forward(
            ForwardTarget target,
            TargetWatch watch,
            Request clientRequest,
            Response clientResponse,
            Callback callback) {
        ExchangeEnd end = new ExchangeEnd(callback);
        int refusal = Refusal.statusOf(clientRequest);
        if (refusal != 0) {
            Response.writeError(clientRequest, clientResponse, end, refusal);
            return end.ended();
        }
        try {
            new ForwardedExchange(this, target, new ClientSide(clientRequest, clientResponse, end, watch)).start();
        } catch (RuntimeException e) {
            end.failed(e);
        }
        return end.ended();
    }

    /**
     * Asks a backend whether it answers: GET, no body kept.
     *
     * @param origin {@code http://host:port}, or {@code unix:} with the path of a socket
     * @param path what is asked for, a query included
     * @return completes with the status, or exceptionally when there was none in time
     */
    public CompletableFuture<Integer> probe(URI origin, String path, Duration timeout) {
        BackendAddress address = BackendAddress.of(origin);
        Question question = new Question(address.http(), "GET", path, Map.of(), timeout, 0, 0);
        return Inquiry.send(client, question, address.transport()).thenApply(Question.Reply::status);
    }

    /**
     * Asks a server a question.
     *
     * @return completes with its answer, or exceptionally when there was none in time
     */
    public CompletableFuture<Question.Reply> ask(Question question) {
        return Inquiry.send(
                client, question, BackendAddress.of(question.server()).transport());
    }

    /**
     * Asks a server behind a Unix socket a question.
     *
     * @param socket {@code unix:} with its path
     * @return completes with its answer, or exceptionally when there was none in time
     */
    public CompletableFuture<Question.Reply> ask(URI socket, Question question) {
        return Inquiry.send(client, question, BackendAddress.of(socket).transport());
    }

    /** Closes the pooled connections that nobody uses, because their other ends may have forgotten them. */
    public void closeIdle() {
        connections.closeIdle();
    }

    /** Completes when it can forward and ask. */
    public CompletableFuture<Void> started() {
        return started;
    }

    /** Open upgraded connections (WebSockets). */
    public int tunnels() {
        return tunnels.size();
    }

    ForwardTimeouts timeouts() {
        return timeouts;
    }

    /** Set when the operator has been told that a backend named a file and may not. */
    AtomicBoolean warnedOfNamedFile() {
        return warnedOfNamedFile;
    }

    BackendConnections connections() {
        return connections;
    }

    Scheduler scheduler() {
        return server.getScheduler();
    }

    /**
     * A tunnel that is not open yet.
     *
     * @param ping how often the sides of a WebSocket are pinged; zero for never
     */
    UpgradeTunnel newTunnel(
            EndPoint clientSide, EndPoint backendSide, boolean webSocket, Duration ping, ExchangeEnd end) {
        boolean pings = webSocket && !ping.isZero();
        TunnelConnection.Ends ends = new TunnelConnection.Ends(
                server.getThreadPool(), server.getByteBufferPool(), webSocket, pings ? new Heartbeat() : null);
        UpgradeTunnel tunnel = new UpgradeTunnel(clientSide, backendSide, ends, timeouts.tunnel());
        if (pings) {
            tunnel.beat(server.getScheduler(), ping);
        }
        tunnels.add(tunnel);
        var unused = tunnel.closed().thenRun(() -> {
            tunnels.remove(tunnel);
            end.tunnelClosed();
        });
        return tunnel;
    }

    void writeFailure(TargetWatch.Failure failed, ClientSide client) {
        Throwable failure = failed.cause();
        try {
            if (!client.watch().failed(failed, client.request(), client.response(), client.end())) {
                int status = Reaches.isTimeout(failure) ? HttpStatus.GATEWAY_TIMEOUT_504 : HttpStatus.BAD_GATEWAY_502;
                failurePage.write(status, failure, client.request(), client.response(), client.end());
            }
        } catch (RuntimeException e) {
            e.addSuppressed(failure);
            client.end().failed(e);
        }
    }
}
