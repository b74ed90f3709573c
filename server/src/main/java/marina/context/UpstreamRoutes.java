package marina.context;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import marina.config.RouteAction;
import marina.config.RouteConfig;
import marina.config.ServerConfig;
import marina.config.Template;
import marina.proxy.CanonicalPath;
import marina.proxy.FieldRules;
import marina.proxy.ForwardPolicy;
import marina.proxy.ForwardTarget;
import marina.proxy.Forwarder;
import marina.proxy.HeadChanges;
import marina.proxy.NamedFiles;
import marina.proxy.Visit;
import marina.valve.HeaderRules;
import marina.valve.RouteMatch;
import marina.valve.Valve;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Lets other servers answer what routes send to them. Of one configuration: what a request does not decide is made ready when
 * that is loaded. Immutable; never blocks.
 */
public final class UpstreamRoutes {
    private final List<@Nullable Upstream> upstreams; // by the number of the route
    private final Forwarder forwarder;
    private final Valve compression;
    private final StatusPages pages;
    private final long maxBody;

    UpstreamRoutes(ServerConfig config, Forwarder forwarder, Valve compression, StatusPages pages) {
        this.forwarder = forwarder;
        this.compression = compression;
        this.pages = pages;
        this.maxBody = config.limits().traffic().maxBody();
        List<@Nullable Upstream> all = new ArrayList<>();
        for (RouteConfig route : config.routes()) {
            all.add(route.action() instanceof RouteAction.Upstream action ? Upstream.of(route, action) : null);
        }
        this.upstreams = all;
    }

    /** Forwards a request that fits a route with an upstream. Always answers. */
    public boolean handle(RouteMatch match, Request request, Response response, Callback callback) throws Exception {
        Upstream upstream = upstreams.get(match.number());
        if (upstream == null) {
            throw new IllegalArgumentException("route " + match.number() + " has no upstream");
        }
        HeadChanges.answer(request, upstream.answers);
        if (upstream.preflight && HttpMethod.OPTIONS.is(request.getMethod())) {
            response.setStatus(HttpStatus.OK_200);
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 0);
            callback.succeeded();
            return true;
        }
        if (maxBody > 0 && request.getLength() > maxBody) {
            pages.error(HttpStatus.PAYLOAD_TOO_LARGE_413, request, response, callback);
            return true;
        }
        Request asked = request;
        if (upstream.path.isPresent()) {
            String target = match.url(upstream.path.get());
            if (!CanonicalPath.isUnambiguous(RouteMatch.pathOf(target))) {
                // A group that holds dots must not lead out of the folder that the operator named.
                pages.error(HttpStatus.BAD_REQUEST_400, request, response, callback);
                return true;
            }
            HttpURI client = request.getHttpURI();
            asked = Request.serveAs(
                    request,
                    HttpURI.build(client)
                            .pathQuery(RouteMatch.withQuery(target, client.getQuery()))
                            .asImmutable());
        }
        upstream.alarm.watch(request);
        return compression.handle(LimitedBody.of(asked, maxBody), response, callback, (seen, answer, end) -> {
            Visit.mark(seen);
            Visit.exchange(seen, forwarder.forward(upstream.target, seen, answer, end));
            return true;
        });
    }

    /**
     * Where one route leads.
     *
     * @param path empty for the path of the request
     * @param answers what is changed in the answers
     * @param preflight whether OPTIONS is answered here
     */
    private record Upstream(
            ForwardTarget target, Optional<Template> path, FieldRules answers, UpstreamAlarm alarm, boolean preflight) {
        static Upstream of(RouteConfig route, RouteAction.Upstream action) {
            ForwardPolicy policy = new ForwardPolicy(
                    Delivery.timeouts(action.timeouts()),
                    NamedFiles.NONE,
                    HeaderRules.of(action.headers().request()));
            return new Upstream(
                    ForwardTarget.to(action.origin()).with(policy),
                    action.path(),
                    HeaderRules.of(action.headers().response()),
                    new UpstreamAlarm("route " + route.match(), action.origin()),
                    action.preflight());
        }
    }
}
