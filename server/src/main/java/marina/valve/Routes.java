package marina.valve;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import marina.config.ContextPath;
import marina.config.RouteAction;
import marina.config.RouteConfig;
import marina.proxy.CanonicalPath;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * The routes of a server. The first that fits decides, but for a rewrite, after which the routes behind it are asked for the
 * new path. Immutable.
 */
public final class Routes implements Valve {
    private static final Set<String> REDIRECTED_AS_THEY_ARE = Set.of("GET", "HEAD");

    private final RouteTable table;
    private final boolean empty;
    private final String base;
    private final RouteCases cases;
    private final ErrorPage pages;

    /**
     * Routes of paths below a base path, which they do not mention.
     *
     * @param cases carries out what is more than a redirect
     */
    public Routes(List<RouteConfig> routes, ContextPath basePath, RouteCases cases, ErrorPage pages) {
        this.table = new RouteTable(routes);
        this.empty = routes.isEmpty();
        this.base = basePath.isRoot() ? "" : basePath.value();
        this.cases = cases;
        this.pages = pages;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback, Request.Handler next)
            throws Exception {
        return empty ? next.handle(request, response, callback) : handle(request, response, callback, next, 0);
    }

    private boolean handle(Request request, Response response, Callback callback, Request.Handler next, int from)
            throws Exception {
        String path = relative(Request.getPathInContext(request));
        RouteMatch match = path == null ? null : table.first(method(request), path, from);
        if (match == null) {
            return next.handle(request, response, callback);
        }
        Request.Handler action = match.action()
                .fold(new RouteAction.Cases<>(
                        redirect -> (r, a, c) -> redirect(redirect, match, r, a, c),
                        rewrite -> (r, a, c) -> rewrite(rewrite, match, r, a, c, next),
                        upstream -> (r, a, c) -> cases.upstream(upstream, match, r, a, c),
                        // Where it leads is decided before; a request that gets here is answered here.
                        replay -> (r, a, c) -> handle(r, a, c, next, match.number() + 1),
                        cgi -> (r, a, c) -> cases.cgi(cgi, r, a, c)));
        return action.handle(request, response, callback);
    }

    /**
     * Where a request gets to, as far as that can be told before anything is done with it.
     *
     * @param route what answers; null when a context does
     * @param path the canonical path that the context is looked up by
     */
    public record Destination(@Nullable RouteAction route, @Nullable String path) {}

    /**
     * Follows the rewrites of a request without carrying anything out.
     *
     * @param passes whether a route that replays lets the request pass, because it belongs here
     */
    public Destination destination(Request request, Predicate<RouteAction.Replay> passes) {
        String path = Request.getPathInContext(request);
        int from = 0;
        while (!empty) {
            String below = relative(path);
            RouteMatch match = below == null ? null : table.first(method(request), below, from);
            if (match == null) {
                break;
            }
            from = match.number() + 1;
            if (match.action() instanceof RouteAction.Rewrite rewrite) {
                String target = base + withoutHost(match.url(rewrite.path()));
                path = HttpURI.build(request.getHttpURI())
                        .pathQuery(target)
                        .asImmutable()
                        .getCanonicalPath();
            } else if (!(match.action() instanceof RouteAction.Replay replay) || !passes.test(replay)) {
                return new Destination(match.action(), path);
            }
        }
        return new Destination(null, path);
    }

    /** A WebSocket is asked for with GET, whatever form HTTP/2 has for that (RFC 8441). */
    private static String method(Request request) {
        return HttpMethod.CONNECT.is(request.getMethod()) ? HttpMethod.GET.asString() : request.getMethod();
    }

    /** The path below the base path; null when it is not. */
    private @Nullable String relative(@Nullable String path) {
        if (path == null || base.isEmpty()) {
            return path;
        }
        if (!path.startsWith(base)) {
            return null;
        }
        String rest = path.substring(base.length());
        return rest.isEmpty() ? "/" : rest.startsWith("/") ? rest : null;
    }

    /** Whatever is not GET or HEAD keeps its method and its body: RFC 9110, sections 15.4.2, 15.4.3, 15.4.8 and 15.4.9. */
    private boolean redirect(
            RouteAction.Redirect redirect, RouteMatch match, Request request, Response response, Callback callback) {
        int status = redirect.status();
        if (!REDIRECTED_AS_THEY_ARE.contains(request.getMethod())) {
            status = status == HttpStatus.MOVED_PERMANENTLY_301
                    ? HttpStatus.PERMANENT_REDIRECT_308
                    : status == HttpStatus.FOUND_302 ? HttpStatus.TEMPORARY_REDIRECT_307 : status;
        }
        String target = match.url(redirect.location());
        if (target.startsWith("/")) {
            target = base + withoutHost(target);
        }
        response.setStatus(status);
        response.getHeaders()
                .put(
                        HttpHeader.LOCATION,
                        RouteMatch.withQuery(target, request.getHttpURI().getQuery()));
        response.getHeaders().put(new HttpField.LongValueHttpField(HttpHeader.CONTENT_LENGTH, 0));
        response.write(true, null, callback);
        return true;
    }

    private boolean rewrite(
            RouteAction.Rewrite rewrite,
            RouteMatch match,
            Request request,
            Response response,
            Callback callback,
            Request.Handler next)
            throws Exception {
        String target = base + withoutHost(match.url(rewrite.path()));
        if (!CanonicalPath.isUnambiguous(RouteMatch.pathOf(target))) {
            // A group that holds dots must not lead out of the folder that the operator named.
            pages.write(HttpStatus.BAD_REQUEST_400, request, response, callback);
            return true;
        }
        HttpURI uri = HttpURI.build(request.getHttpURI())
                .pathQuery(RouteMatch.withQuery(target, request.getHttpURI().getQuery()))
                .asImmutable();
        return handle(Request.serveAs(request, uri), response, callback, next, match.number() + 1);
    }

    /** A group that begins with a slash must not turn a path into the name of another host. */
    private static String withoutHost(String path) {
        int start = 0;
        while (path.startsWith("//", start)) {
            start++;
        }
        return path.substring(start);
    }
}
