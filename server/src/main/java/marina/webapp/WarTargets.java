package marina.webapp;

import marina.login.KnownUser;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.security.AuthenticationState;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.URIUtil;
import org.jspecify.annotations.Nullable;

/**
 * Lets only paths through to a WAR that its servlets cannot misread, as Tomcat does: an encoded slash is refused, because
 * {@code getPathInfo()} would show it as one that separates; empty segments are merged. Thread-safe.
 */
final class WarTargets extends Handler.Wrapper {

    WarTargets(Handler war) {
        super(war);
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
    public boolean handle(Request client, Response response, Callback callback) throws Exception {
        Request request = Request.getAuthenticationState(client) instanceof KnownUser user
                ? new UserRequest(client, user)
                : client;
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

    private static boolean knowsNobodyYet(@Nullable Object state) {
        return state == null || state instanceof AuthenticationState.Deferred;
    }

    /** The security of a WAR puts its own state, which knows nobody yet, in place of the user whom Marina has verified. */
    private static final class UserRequest extends Request.Wrapper {
        private static final String STATE = Request.AuthenticationState.class.getName();

        private final KnownUser user;

        UserRequest(Request request, KnownUser user) {
            super(request);
            this.user = user;
        }

        @Override
        public Object removeAttribute(String name) {
            return STATE.equals(name) ? super.setAttribute(name, user) : super.removeAttribute(name);
        }

        @Override
        public Object setAttribute(String name, Object attribute) {
            return super.setAttribute(name, STATE.equals(name) && knowsNobodyYet(attribute) ? user : attribute);
        }
    }

    private static Request merged(Request request, HttpURI uri) {
        String query = uri.getQuery();
        String target = URIUtil.compactPath(uri.getPath()) + (query == null ? "" : "?" + query);
        return Request.serveAs(request, HttpURI.build(uri).pathQuery(target).asImmutable());
    }
}
