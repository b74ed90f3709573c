package marina.webapp;

import java.security.Principal;
import java.util.Set;
import javax.security.auth.Subject;
import marina.session.SessionUser;
import marina.user.GuardedUsers;
import org.eclipse.jetty.security.UserIdentity;

/** The user of a WAR; the roles are those that the files of users have at the moment. Thread-safe. */
final class WarUser implements UserIdentity, SessionUser {
    /** Every user has it (Servlet 13.3). */
    private static final String ANY_USER = "**";

    private final Principal principal;
    private final String mark;
    private final GuardedUsers users;
    private final Subject subject;
    private volatile boolean loggedOut;

    /**
     * A user.
     *
     * @param mark empty for somebody whom Marina has verified, with each request
     */
    WarUser(Principal principal, String mark, GuardedUsers users) {
        this.principal = principal;
        this.mark = mark;
        this.users = users;
        subject = new Subject(true, Set.of(principal), Set.of(), Set.of());
    }

    /** From now on a session that remembers this login is one of nobody. */
    void logOut() {
        loggedOut = true;
    }

    /** Whether the password is still the one that was verified. */
    boolean isCurrent() {
        return !mark().isEmpty()
                && users.markNow(principal.getName()).filter(mark::equals).isPresent();
    }

    @Override
    public String mark() {
        return loggedOut ? "" : mark;
    }

    @Override
    public Subject getSubject() {
        return subject;
    }

    @Override
    public Principal getUserPrincipal() {
        return principal;
    }

    @Override
    public boolean isUserInRole(String role) {
        return ANY_USER.equals(role) || users.roles(principal.getName()).contains(role);
    }

    @Override
    public String toString() {
        return principal.getName();
    }

    /**
     * Who has logged in to a WAR itself.
     *
     * @param name of the user
     */
    record Named(String name) implements Principal {
        @Override
        public String getName() {
            return name;
        }
    }
}
