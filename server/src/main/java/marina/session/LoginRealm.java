package marina.session;

import org.eclipse.jetty.security.UserIdentity;

/** Knows the users of an application; a bean of its context handler, where it keeps sessions. Thread-safe. */
@FunctionalInterface
public interface LoginRealm {

    /**
     * A user who logged in before the session was kept. Whether the login still holds shows when it is used.
     *
     * @param mark as {@link SessionUser#mark} was
     */
    UserIdentity restore(String user, String mark);
}
