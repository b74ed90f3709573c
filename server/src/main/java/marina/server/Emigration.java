package marina.server;

import java.util.Optional;
import java.util.function.Function;
import marina.config.RouteAction;
import marina.context.MountedContext;
import marina.context.StatusPages;
import marina.host.Host;
import marina.valve.Access;
import marina.valve.ReplayValve;
import marina.valve.Routes;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which requests belong to other machines, by what would answer them here, and has them sent there. What can be
 * answered without waking anybody is answered here: public files, crawlers, maintenance. Of one configuration. Thread-safe.
 */
final class Emigration {
    private final ReplayValve replays;
    private final Routes routes;
    private final Host host;
    private final StatusPages pages;
    private final Function<Optional<MountedContext>, Access> rules;

    /**
     * Of one configuration.
     *
     * @param rules who may enter a context, or what has none
     */
    Emigration(
            ReplayValve replays,
            Routes routes,
            Host host,
            StatusPages pages,
            Function<Optional<MountedContext>, Access> rules) {
        this.replays = replays;
        this.routes = routes;
        this.host = host;
        this.pages = pages;
        this.rules = rules;
    }

    /**
     * Passes on what is answered here.
     *
     * @param next must not return false
     */
    boolean handle(Request request, Response response, Callback callback, Request.Handler next) throws Exception {
        String path = Request.getPathInContext(request);
        Optional<MountedContext> context = context(path);
        ReplayValve.Wanted wanted = wanted(request, path, context);
        if (wanted == null) {
            return next.handle(request, response, callback);
        }
        if (replays.isMine(wanted, request)) {
            return replays.handle(wanted, request, response, callback, next);
        }
        if (context.map(MountedContext::isClosed).orElse(host.config().pages().isClosed())) {
            pages.maintenance(request, response, callback);
            return true;
        }
        Access access = rules.apply(context);
        Request.Handler away = (seen, answer, end) -> replays.handle(wanted, seen, answer, end, next);
        if (access.isOpen() && access.rejects(request, false)) {
            away = (seen, answer, end) -> {
                access.reject(seen, answer, end);
                return true;
            };
        }
        Request.Handler sender = away;
        Request.Handler door = replays.leavesApp(wanted)
                ? (seen, answer, end) -> access.authorize(
                        seen, answer, end, (known, reply, done) -> Access.settle(known, reply, done, sender))
                : away; // the same configuration asks there
        boolean maySeeFile = host.publicFiles().enabled()
                && mayBeFile(request)
                && access.opensFiles(request)
                && !access.rejects(request, true);
        return maySeeFile
                ? host.publicFiles().handle(request, response, callback, door)
                : door.handle(request, response, callback);
    }

    private static boolean mayBeFile(Request request) {
        return HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod());
    }

    /**
     * What asks to be sent on.
     *
     * @param asked the path of the client
     * @param there the context of that path
     */
    private ReplayValve.@Nullable Wanted wanted(
            Request request, @Nullable String asked, Optional<MountedContext> there) {
        Routes.Destination destination =
                routes.destination(request, route -> replays.isMine(replays.of(route), request));
        if (destination.route() instanceof RouteAction.Replay route) {
            return replays.of(route);
        }
        String path = destination.path();
        if (destination.route() != null || path == null) {
            return null;
        }
        Optional<MountedContext> context = path.equals(asked) ? there : context(path);
        return context.isEmpty()
                ? null
                : replays.locator().locate(context.get().path(), request, page -> context(page)
                        .map(MountedContext::path));
    }

    private Optional<MountedContext> context(@Nullable String path) {
        return path == null ? Optional.empty() : host.contextFor(path);
    }
}
