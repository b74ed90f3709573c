package marina.server;

import java.util.function.Supplier;
import marina.access.AccessLog;
import marina.access.CommitTimes;
import marina.access.Surroundings;
import marina.config.LogConfig;
import marina.context.MountedContext;
import marina.host.Host;
import marina.proxy.Abandoned;
import marina.session.VersionTag;
import marina.valve.ReplayValve;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.ContainerLifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * Who is told of each request that has been answered: the access log, and Vector. What comes through the control socket is left
 * out, and broadcasts of applications, whose paths are secret.
 */
final class RequestLogs extends ContainerLifeCycle implements RequestLog {
    private static final String SESSION = "JSESSIONID=";

    private final Supplier<Host> host;
    private final @Nullable AccessLog log;
    private final @Nullable VectorFeed feed;

    /**
     * Those of a configuration.
     *
     * @param host whose contexts a line names
     * @param feed tells Vector; null for nobody
     */
    RequestLogs(LogConfig config, Supplier<Host> host, @Nullable VectorFeed feed) {
        this.host = host;
        this.feed = feed;
        this.log = config.access().equals("off")
                ? null
                : AccessLog.of(
                        config,
                        new OfHost(host),
                        (request, response) -> VectorFeed.access(request, response, host.get()));
        if (log != null) {
            installBean(log);
        }
    }

    /** Has a server tell of its requests, and be answered by this. */
    void install(Server server, Handler answers, Telemetry telemetry) {
        server.setRequestLog(telemetry.log(this));
        server.setHandler(log != null && log.tellsCommit() ? new CommitTimes(answers) : answers);
    }

    void show(Jmx jmx) {
        if (log != null) {
            jmx.register(new AccessLogBean(log.lines()));
        }
    }

    @Override
    public void log(Request request, Response response) {
        String connector = request.getConnectionMetaData().getConnector().getName();
        if (Connectors.CONTROL.equals(connector) || CablePort.CONNECTOR.equals(connector)) {
            return;
        }
        Response seen = Abandoned.is(request) ? new LeftAlone(request, response) : response;
        if (log != null) {
            log.log(request, seen);
        }
        if (feed != null) {
            feed.request(request, seen, host.get());
        }
    }

    /** The response to a client that did not wait for it. */
    private static final class LeftAlone extends Response.Wrapper {
        LeftAlone(Request request, Response response) {
            super(request, response);
        }

        @Override
        public int getStatus() {
            return Abandoned.STATUS;
        }
    }

    /** What the mounted contexts and the valves know. */
    private record OfHost(Supplier<Host> host) implements Surroundings {
        @Override
        public @Nullable Place place(Request request) {
            String path = request.getHttpURI().getCanonicalPath();
            MountedContext context =
                    path == null ? null : host.get().contextFor(path).orElse(null);
            return context == null
                    ? null
                    : new Place(
                            context.path().value(), context.config().content().kind());
        }

        @Override
        public @Nullable String answer(Request request, Response response) {
            ResponseKind kind = ResponseKind.of(request, response);
            return kind == null ? null : kind.text();
        }

        @Override
        public @Nullable String session(Request request, Response response) {
            for (String cookie : response.getHeaders().getValuesList(HttpHeader.SET_COOKIE)) {
                if (cookie.startsWith(SESSION)) {
                    int end = cookie.indexOf(';');
                    return cookie.substring(SESSION.length(), end < 0 ? cookie.length() : end);
                }
            }
            return VersionTag.idsIn(request).stream().findFirst().orElse(null);
        }

        @Override
        public @Nullable Object sessionAttribute(Request request, Response response, String name) {
            String id = session(request, response);
            String path = request.getHttpURI().getCanonicalPath();
            return id == null || path == null
                    ? null
                    : host.get()
                            .contextFor(path)
                            .map(context -> context.sessions().attribute(id, name))
                            .orElse(null);
        }

        @Override
        public @Nullable String decision(Request request) {
            Object decision = request.getAttribute(ReplayValve.DECISION);
            return decision == null ? null : decision.toString();
        }
    }
}
