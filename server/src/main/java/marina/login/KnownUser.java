package marina.login;

import java.security.Principal;
import javax.security.auth.Subject;
import org.eclipse.jetty.security.AuthenticationState;
import org.eclipse.jetty.security.UserIdentity;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/**
 * The user of a request who has been verified: in the access log, for {@code getRemoteUser()} and as Remote-User at backends. Web
 * applications accept only a state of Jetty's security, whose roles are theirs to give: this one has none. Immutable.
 */
public final class KnownUser implements AuthenticationState.Succeeded {
    private final UserIdentity identity;

    private KnownUser(Principal principal) {
        this.identity = UserIdentity.from(new Subject(), principal);
    }

    /** Makes a user known to all who see the request from now on. */
    public static void set(Request request, String name) {
        Request.setAuthenticationState(request, new KnownUser(new User(name)));
    }

    @Override
    public String getAuthenticationType() {
        return "MARINA";
    }

    @Override
    public UserIdentity getUserIdentity() {
        return identity;
    }

    @Override
    public boolean isUserInRole(String role) {
        return false;
    }

    /** Does nothing: a web application cannot end what it has not begun. */
    @Override
    public void logout(Request request, Response response) {}

    private record User(String name) implements Principal {
        @Override
        public String getName() {
            return name;
        }
    }
}
