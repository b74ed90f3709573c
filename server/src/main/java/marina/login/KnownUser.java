package marina.login;

import java.security.Principal;
import org.eclipse.jetty.server.Request;

/** The user of a request who has been verified: in the access log, for {@code getRemoteUser()} and as Remote-User at backends. */
public final class KnownUser implements Request.AuthenticationState {
    private final Principal principal;

    private KnownUser(Principal principal) {
        this.principal = principal;
    }

    /** Makes a user known to all who see the request from now on. */
    public static void set(Request request, String name) {
        Request.setAuthenticationState(request, new KnownUser(new User(name)));
    }

    @Override
    public Principal getUserPrincipal() {
        return principal;
    }

    private record User(String name) implements Principal {
        @Override
        public String getName() {
            return name;
        }
    }
}
