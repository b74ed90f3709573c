package marina.server;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import marina.config.HealthConfig;
import marina.config.HostNames;
import marina.config.ServerConfig;
import marina.config.TrafficLimits;
import marina.context.StatusPages;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * What every request passes first: the health check, the refusal of TRACE, the gate of a machine that sleeps, the pipeline. Blocks nowhere; contexts
 * that may block move to the thread pool themselves.
 */
final class RootHandler extends Handler.Abstract.NonBlocking {
    private static final Set<String> OWN_NAMES = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    private final Supplier<ServerConfig> config;
    private final Pipeline pipeline;
    private final FrontGuard guard;
    private final StatusPages pages;
    private final SleepGate gate;

    RootHandler(Supplier<ServerConfig> config, Pipeline pipeline, FrontGuard guard, StatusPages pages, SleepGate gate) {
        this.config = config;
        this.pipeline = pipeline;
        this.guard = guard;
        this.pages = pages;
        this.gate = gate;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        HealthConfig check = config.get().health();
        if (!check.path().isEmpty() && check.path().equals(request.getHttpURI().getCanonicalPath())) {
            answerHealth(check, response, callback);
            return true;
        }
        Duration wait = wait(request);
        if (!wait.isZero()) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, wait.toSeconds() + 1);
            pages.error(HttpStatus.TOO_MANY_REQUESTS_429, request, response, callback);
            return true;
        }
        if (!isMeant(request)) {
            pages.error(HttpStatus.MISDIRECTED_REQUEST_421, request, response, callback);
            return true;
        }
        String path = Request.getPathInContext(request);
        if (path == null || !path.startsWith("/") || asksForTunnel(request)) {
            answerWithoutPath(request, response, callback);
            return true;
        }
        if (HttpMethod.TRACE.is(request.getMethod())) {
            pages.error(405, request, response, callback);
            return true;
        }
        if (gate.isClosed(request)) {
            gate.await(request, response, callback, this::enter);
            return true;
        }
        return enter(request, response, callback);
    }

    /** Whether the name is one of the server's; whoever asks from this machine may call it so, too. */
    private boolean isMeant(Request request) {
        HostNames hosts = config.get().hosts();
        return hosts.names().isEmpty() || hosts.include(Request.getServerName(request)) || isLocal(request);
    }

    private static boolean isLocal(Request request) {
        SocketAddress client = request.getConnectionMetaData().getRemoteSocketAddress();
        boolean here = !(client instanceof InetSocketAddress inet)
                || (inet.getAddress() != null && inet.getAddress().isLoopbackAddress());
        return here && OWN_NAMES.contains(Request.getServerName(request));
    }

    private boolean enter(Request request, Response response, Callback callback) throws Exception {
        Request measured = MeasuredBody.of(request, response, guard.limits().body(), guard.pauses());
        return pipeline.handle(measured, response, callback);
    }

    /** The asterisk of OPTIONS asks about the server as a whole (RFC 9110 section 9.3.7); CONNECT is for proxies. */
    private void answerWithoutPath(Request request, Response response, Callback callback) {
        if (HttpMethod.OPTIONS.is(request.getMethod())) {
            response.setStatus(204);
            callback.succeeded();
        } else {
            pages.error(405, request, response, callback);
        }
    }

    private Duration wait(Request request) {
        TrafficLimits.Rate rate = guard.limits().rate();
        return rate.requests() > 0
                        && request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress client
                ? guard.rates().take(client.getAddress(), rate)
                : Duration.ZERO;
    }

    private static boolean asksForTunnel(Request request) {
        // Extended CONNECT (RFC 8441) names a protocol and is a WebSocket.
        return HttpMethod.CONNECT.is(request.getMethod())
                && (request.getTunnelSupport() == null
                        || request.getTunnelSupport().getProtocol() == null);
    }

    private static void answerHealth(HealthConfig check, Response response, Callback callback) {
        response.setStatus(check.status());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        check.headers().forEach((name, value) -> response.getHeaders().put(name, value.expand(Map.of())));
        Content.Sink.write(response, true, check.body(), callback);
    }
}
