package marina.webapp;

import marina.leak.LeakGuard;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.URIUtil;

/**
 * Lets only paths through to a WAR that its servlets cannot misread, as Tomcat does: an encoded slash is refused, because
 * {@code getPathInfo()} would show it as one that separates; empty segments are merged. Passes on who the user is. Thread-safe.
 */
final class WarTargets extends Handler.Wrapper {

    private final LeakGuard leaks;

    /**
     * Around a WAR.
     *
     * @param leaks what stopped applications have left with the thread of a request
     */
    WarTargets(Handler war, LeakGuard leaks) {
        super(war);
        this.leaks = leaks;
    }

    /** Leaves what is decided here to this class. */
    static void prepare(HttpConfiguration http) {
        http.setUriCompliance(http.getUriCompliance()
                .with(
                        "WAR",
                        Violation.AMBIGUOUS_EMPTY_SEGMENT,
                        Violation.AMBIGUOUS_PATH_ENCODING,
                        Violation.ILLEGAL_PATH_CHARACTERS));
    }

    @Override
    public boolean handle(Request incoming, Response response, Callback callback) throws Exception {
        try {
            return serve(new LooseConnection(KnownUser.of(incoming)), response, callback);
        } finally {
            leaks.tidy();
        }
    }

    private boolean serve(Request request, Response response, Callback callback) throws Exception {
        HttpURI uri = request.getHttpURI();
        if (!uri.hasViolations()) {
            return super.handle(request, response, callback);
        }
        if (uri.hasAmbiguousSeparator()) {
            Response.writeError(request, response, callback, HttpStatus.BAD_REQUEST_400);
            return true;
        }
        return super.handle(uri.hasAmbiguousEmptySegment() ? merged(request, uri) : request, response, callback);
    }

    private static Request merged(Request request, HttpURI uri) {
        String query = uri.getQuery();
        String target = URIUtil.compactPath(uri.getPath()) + (query == null ? "" : "?" + query);
        return Request.serveAs(request, HttpURI.build(uri).pathQuery(target).asImmutable());
    }
}
