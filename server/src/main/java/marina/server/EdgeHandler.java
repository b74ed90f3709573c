package marina.server;

import java.util.Optional;
import java.util.function.Supplier;
import marina.acme.Challenges;
import marina.config.HstsConfig;
import marina.config.RedirectConfig;
import marina.config.ServerConfig;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.internal.ResponseHttpFields;
import org.eclipse.jetty.util.Callback;

/**
 * What depends on the way a request came in: the redirect to https, Strict-Transport-Security, and the leave-taking of a
 * server that stops. The health check and the challenges of certificate authorities are answered on every way.
 */
final class EdgeHandler extends Handler.Wrapper {
    private static final int HTTPS_PORT = 443;

    private final Supplier<ServerConfig> config;
    private final Listeners listeners;
    private final Challenges challenges;
    private volatile boolean leaving;
    private volatile Hsts hsts = Hsts.of(HstsConfig.OFF);

    /**
     * In front of everything.
     *
     * @param challenges answered on every way, since authorities begin on port 80 and follow redirects
     */
    EdgeHandler(Supplier<ServerConfig> config, Listeners listeners, Challenges challenges, Handler next) {
        super(next);
        this.config = config;
        this.listeners = listeners;
        this.challenges = challenges;
    }

    /** From now on the health check answers 503, and connections of HTTP/1.1 end with their next answer. */
    void leave() {
        leaving = true;
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        ServerConfig now = config.get();
        String health = now.health().path();
        String path = request.getHttpURI().getCanonicalPath();
        boolean isHealthCheck = !health.isEmpty() && health.equals(path);
        if (leaving && takeLeave(isHealthCheck, request, response, callback)) {
            return true;
        }
        Optional<String> proof = path == null ? Optional.empty() : challenges.answer(path);
        if (proof.isPresent()) {
            prove(proof.get(), response, callback);
            return true;
        }
        if (request.isSecure()) {
            if (!now.hsts().maxAge().isZero()) {
                response.getHeaders().put(hsts(now.hsts()));
            }
        } else if (!isHealthCheck) {
            Optional<RedirectConfig> redirect = listeners
                    .of(request.getConnectionMetaData().getConnector())
                    .map(listener -> listener.config().redirect())
                    .filter(RedirectConfig::enabled);
            if (redirect.isPresent()) {
                redirect(redirect.get(), request, response, callback);
                return true;
            }
        }
        return super.handle(request, response, callback);
    }

    /** Made once for each configuration; answers of errors, which begin anew, keep it. */
    private HttpField hsts(HstsConfig wanted) {
        Hsts known = hsts;
        if (!known.config().equals(wanted)) {
            known = Hsts.of(wanted);
            hsts = known;
        }
        return known.field();
    }

    private static boolean takeLeave(boolean isHealthCheck, Request request, Response response, Callback callback) {
        if (request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1) {
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
        }
        if (isHealthCheck) {
            response.setStatus(HttpStatus.SERVICE_UNAVAILABLE_503);
            response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
            Content.Sink.write(response, true, "stopping", callback);
        }
        return isHealthCheck;
    }

    /** RFC 8555 section 8.3. */
    private static void prove(String proof, Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/octet-stream");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        Content.Sink.write(response, true, proof, callback);
    }

    /** 301 for what a browser may ask again with GET, 308 for what has to be sent again as it is. */
    private void redirect(RedirectConfig redirect, Request request, Response response, Callback callback) {
        String host = Request.getServerName(request);
        if (host == null || host.isEmpty()) {
            Response.writeError(request, response, callback, HttpStatus.BAD_REQUEST_400);
            return;
        }
        int port = redirect.port() > 0 ? redirect.port() : listeners.tlsPort().orElse(HTTPS_PORT);
        String target = request.getHttpURI().getPathQuery();
        boolean isPath = target != null && target.startsWith("/"); // OPTIONS may ask for *
        String location = "https://" + host + (port == HTTPS_PORT ? "" : ":" + port) + (isPath ? target : "/");
        boolean safe = HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod());
        response.setStatus(safe ? HttpStatus.MOVED_PERMANENTLY_301 : HttpStatus.PERMANENT_REDIRECT_308);
        response.getHeaders().put(HttpHeader.LOCATION, location);
        response.write(true, null, callback);
    }

    /** A setting and the field that says it. */
    private record Hsts(HstsConfig config, HttpField field) {
        static Hsts of(HstsConfig config) {
            HttpField field = new HttpField(HttpHeader.STRICT_TRANSPORT_SECURITY, config.value());
            return new Hsts(config, new ResponseHttpFields.PersistentHttpField(field));
        }
    }
}
