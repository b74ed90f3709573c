package marina.login;

import java.security.Principal;
import org.eclipse.jetty.server.Request;

/**
 * The user of a request who has been verified: in the access log, for {@code getRemoteUser()} of web applications and as
 * Remote-User at backends.
 *
 * @param name as it was verified
 */
public record VerifiedUser(String name) implements Principal {

    /** Makes a user known to all who see the request from now on. */
    public static void set(Request request, String name) {
        Principal user = new VerifiedUser(name);
        Request.setAuthenticationState(request, new Request.AuthenticationState() {
            @Override
            public Principal getUserPrincipal() {
                return user;
            }
        });
    }

    @Override
    public String getName() {
        return name;
    }
}
