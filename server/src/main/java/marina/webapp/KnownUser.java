package marina.webapp;

import java.security.Principal;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.security.Authenticator;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * A request whose user was verified before it came to the WAR. What the WAR makes of its authentication stays with the WAR, so
 * that the access log names the user still. Used by one thread at a time.
 */
final class KnownUser extends Request.Wrapper {
    private static final String STATE = Request.AuthenticationState.class.getName();

    private final Principal user;
    private @Nullable Object state;

    private KnownUser(Request request, Principal user) {
        super(request);
        this.user = user;
        this.state = Request.getAuthenticationState(request);
    }

    /** The request itself when nobody knows its user. */
    static Request of(Request request) {
        Principal user = Request.getAuthenticationState(request).getUserPrincipal();
        return user == null ? request : new KnownUser(request, user);
    }

    /** Who it is; null when this is no such request. */
    static @Nullable Principal principal(Request request) {
        KnownUser known = Request.as(request, KnownUser.class);
        return known == null ? null : known.user;
    }

    /** How Marina came to know the user, in the words of the servlet API. */
    static String method(Request request) {
        String authorization = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        boolean basic = authorization != null && authorization.regionMatches(true, 0, "Basic ", 0, 6);
        return basic ? Authenticator.BASIC_AUTH : Authenticator.FORM_AUTH;
    }

    @Override
    public @Nullable Object getAttribute(String name) {
        return STATE.equals(name) ? state : super.getAttribute(name);
    }

    @Override
    public @Nullable Object setAttribute(String name, @Nullable Object value) {
        if (!STATE.equals(name)) {
            return super.setAttribute(name, value);
        }
        Object before = state;
        state = value;
        return before;
    }

    @Override
    public @Nullable Object removeAttribute(String name) {
        return STATE.equals(name) ? setAttribute(name, null) : super.removeAttribute(name);
    }
}
