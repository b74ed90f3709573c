package marina.webapp;

import java.security.Principal;
import javax.security.auth.Subject;
import org.eclipse.jetty.security.UserIdentity;
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

    /** Who it is, without roles; null when this is no such request. */
    static @Nullable UserIdentity identity(Request request) {
        KnownUser known = Request.as(request, KnownUser.class);
        return known == null ? null : UserIdentity.from(new Subject(), known.user);
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
