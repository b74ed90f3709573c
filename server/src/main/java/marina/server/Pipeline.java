package marina.server;

import java.util.Optional;
import java.util.function.Function;
import marina.cable.Cable;
import marina.config.Bots;
import marina.config.ContextConfig;
import marina.config.RouteAction;
import marina.config.ServerConfig;
import marina.context.CgiScripts;
import marina.context.MountedContext;
import marina.context.StatusPages;
import marina.context.UpstreamRoutes;
import marina.host.Host;
import marina.proxy.AnswerEnd;
import marina.proxy.Visit;
import marina.valve.Access;
import marina.valve.Accesses;
import marina.valve.Fleet;
import marina.valve.ReplayValve;
import marina.valve.RouteCases;
import marina.valve.RouteMatch;
import marina.valve.Routes;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * What a request passes between the health check and its context: the password, the routes, the maintenance page. What it is made
 * of belongs to one configuration and is replaced with it. Thread-safe; takes no lock.
 */
final class Pipeline {
    private final Host host;
    private final Accesses accesses;
    private final StatusPages pages;
    private final Function<ServerConfig, UpstreamRoutes> upstreams;
    private final CgiScripts scripts;
    private final Fleet fleet;
    private final Cable cable;
    private volatile Stages stages;

    Pipeline(
            Host host,
            Accesses accesses,
            StatusPages pages,
            Function<ServerConfig, UpstreamRoutes> upstreams,
            CgiScripts scripts,
            Fleet fleet,
            Cable cable) {
        this.host = host;
        this.cable = cable;
        this.fleet = fleet;
        this.scripts = scripts;
        this.accesses = accesses;
        this.pages = pages;
        this.upstreams = upstreams;
        this.stages = new Stages(host.config());
    }

    boolean handle(Request request, Response response, Callback callback) throws Exception {
        String path = Request.getPathInContext(request);
        if (path != null && cable.takesBroadcasts(path)) {
            ResponseKind.BROADCAST.mark(request);
            cable.broadcast(request, response, callback);
            return true;
        }
        return current().authorize(request, response, callback);
    }

    /** Answers a request that a script has sent on to another path, as if it had come for that. */
    boolean again(Request request, Response response, Callback callback) throws Exception {
        Access.forget(request);
        return handle(request, response, callback);
    }

    /** Makes the stages of a new configuration before the next request needs them. */
    void prepare() {
        var unused = current();
    }

    /** Two requests that come right after a reload may both make the new ones, which does no harm. */
    @SuppressWarnings("ReferenceEquality") // a reload brings another object, and only a reload does
    private Stages current() {
        ServerConfig config = host.config();
        Stages latest = stages;
        if (latest.config != config) {
            latest = new Stages(config);
            stages = latest;
        }
        return latest;
    }

    /** The stages of one configuration. */
    private final class Stages implements RouteCases {
        private final ServerConfig config;
        private final Access server;
        private final boolean open;
        private final boolean turnsAway;
        private final Routes routes;
        private final UpstreamRoutes upstreamRoutes;
        private final CgiScripts.Routed routedScripts;
        private final LoginCookieShield cookies;
        private final @Nullable Emigration emigration;
        private final boolean tellsKinds; // whether a log says who has answered

        Stages(ServerConfig config) {
            this.config = config;
            this.server = accesses.of(config.access());
            this.open = server.isOpen()
                    && config.contexts().values().stream()
                            .map(ContextConfig::access)
                            .noneMatch(access -> access.auth().enabled());
            this.turnsAway = config.access().bots() != Bots.ALLOW
                    || config.contexts().values().stream()
                            .anyMatch(context -> context.access().bots() != Bots.ALLOW);
            this.tellsKinds = ResponseKind.areToldBy(config.log());
            this.upstreamRoutes = upstreams.apply(config);
            this.cookies = new LoginCookieShield(config);
            this.routes = new Routes(config.routes(), config.basePath(), this, pages::error);
            this.routedScripts = scripts.routes(config);
            ReplayValve replays = fleet.valve(config);
            this.emigration = replays == null ? null : new Emigration(replays, routes, host, pages, this::access);
        }

        /** What belongs to another machine goes there before anybody is asked for a password, which is for that one to do. */
        boolean authorize(Request request, Response response, Callback callback) throws Exception {
            String path = Request.getPathInContext(request);
            boolean ownPage = path != null && server.hasPage(path);
            if (emigration == null || ownPage) {
                return admit(request, response, callback);
            }
            return emigration.handle(request, response, callback, this::admit);
        }

        /** The rules are those of the context that the client asks for, even where a route answers in its place. */
        private boolean admit(Request request, Response response, Callback callback) throws Exception {
            if (open) {
                return route(request, response, callback);
            }
            Request seen = cookies.hide(request);
            return access(seen).authorize(seen, response, callback, this::route);
        }

        /** The pages of the server's login are there whatever is mounted at their place. */
        private Access access(Request request) {
            String path = Request.getPathInContext(request);
            return path != null && server.hasPage(path) ? server : access(context(request));
        }

        private Access access(Optional<MountedContext> context) {
            return context.map(MountedContext::access).orElse(server);
        }

        private Optional<MountedContext> context(Request request) {
            return Optional.ofNullable(Request.getPathInContext(request)).flatMap(host::contextFor);
        }

        private boolean route(Request request, Response response, Callback callback) throws Exception {
            String context = socketOf(Request.getPathInContext(request));
            if (!context.isEmpty()) {
                ResponseKind.WEBSOCKET.mark(request);
                AnswerEnd socket = new AnswerEnd(request, callback, true);
                Visit.exchange(request, socket.ended());
                cable.open(context, request, response, socket);
                return true;
            }
            return routes.handle(request, response, callback, this::serve);
        }

        /** The context whose streams a socket at this path sees; empty when none is opened there. */
        private String socketOf(@Nullable String path) {
            String end = config.cable().path();
            if (end.isEmpty() || path == null || !path.endsWith(end)) {
                return "";
            }
            String before = path.substring(0, path.length() - end.length());
            if (before.isEmpty()) {
                return Cable.ROOT;
            }
            boolean mounted = !config.cable().shared()
                    && host.contextFor(before)
                            .filter(context -> context.path().value().equals(before))
                            .isPresent();
            return mounted ? before : "";
        }

        private boolean serve(Request request, Response response, Callback callback) throws Exception {
            // The files stand before all contexts, but the rule for crawlers is that of the context there.
            if (turnsAway && access(request).rejects(request, true)) {
                server.reject(request, response, callback);
                return true;
            }
            if (tellsKinds) {
                ResponseKind.STATIC.mark(request);
            }
            return host.publicFiles().handle(request, response, callback, this::serveContext);
        }

        private boolean serveContext(Request request, Response response, Callback callback) throws Exception {
            if (tellsKinds) {
                context(request)
                        .ifPresentOrElse(
                                mounted -> ResponseKind.mark(request, mounted), () -> ResponseKind.ERROR.mark(request));
            }
            // Contexts may be open all the same, or closed while the server is open: theirs is a door of their own.
            if (config.pages().isClosed() && context(request).isEmpty()) {
                ResponseKind.MAINTENANCE.mark(request);
                pages.maintenance(request, response, callback);
                return true;
            }
            if (server.rejects(request, false) && context(request).isEmpty()) {
                server.reject(request, response, callback);
                return true;
            }
            return host.handle(request, response, callback);
        }

        @Override
        public boolean upstream(
                RouteAction.Upstream upstream, RouteMatch match, Request request, Response response, Callback callback)
                throws Exception {
            if (tellsKinds) {
                ResponseKind.PROXY.mark(request);
            }
            return isTurnedAway(request, response, callback)
                    || Access.settle(
                            request,
                            response,
                            callback,
                            (known, answer, end) -> upstreamRoutes.handle(match, known, answer, end));
        }

        /** What holds for contexts holds for routes that answer in their place. */
        private boolean isTurnedAway(Request request, Response response, Callback callback) {
            if (context(request)
                    .map(MountedContext::isClosed)
                    .orElse(config.pages().isClosed())) {
                ResponseKind.MAINTENANCE.mark(request);
                pages.maintenance(request, response, callback);
                return true;
            }
            Access access = access(request);
            boolean rejected = access.rejectsFromRoutes(request);
            if (rejected) {
                access.reject(request, response, callback);
            }
            return rejected;
        }

        @Override
        public boolean cgi(RouteAction.Cgi cgi, Request request, Response response, Callback callback)
                throws Exception {
            return isTurnedAway(request, response, callback)
                    || Access.settle(request, response, callback, (known, answer, end) -> {
                        Visit.mark(known);
                        ResponseKind.CGI.mark(known);
                        Access rules = access(known);
                        routedScripts.handle(cgi, rules.isOpen() ? server : rules, known, answer, end);
                        return true;
                    });
        }
    }
}
