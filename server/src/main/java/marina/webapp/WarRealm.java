package marina.webapp;

import java.security.Principal;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import marina.session.LoginRealm;
import marina.user.GuardedUsers;
import org.eclipse.jetty.security.DefaultIdentityService;
import org.eclipse.jetty.security.IdentityService;
import org.eclipse.jetty.security.LoginService;
import org.eclipse.jetty.security.UserIdentity;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Session;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Verifies the users of one WAR by Marina's files of users. Who guesses has to wait, as everywhere. Thread-safe. */
final class WarRealm implements LoginService, LoginRealm {
    private static final Logger LOG = LoggerFactory.getLogger(WarRealm.class);

    /** When so many guess at once that this is too short, they have to try again. */
    private final String name;

    private final GuardedUsers users;
    private volatile IdentityService identities = new DefaultIdentityService();

    /**
     * A realm.
     *
     * @param name shown by browsers
     */
    WarRealm(String name, GuardedUsers users) {
        this.name = name;
        this.users = users;
    }

    /** Somebody whom Marina has verified already, with the roles that the files give to that name. */
    UserIdentity known(Principal user) {
        return new WarUser(user, "", users);
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public @Nullable UserIdentity login(
            @Nullable String user,
            @Nullable Object credentials,
            @Nullable Request request,
            @Nullable Function<Boolean, Session> getOrCreateSession) {
        if (user == null || !(credentials instanceof String password)) {
            return null;
        }
        // Asked first: should the password change meanwhile, the login is one of the old password and worth nothing.
        String mark = users.markNow(user).orElse("");
        String address = request == null ? "" : Request.getRemoteAddr(request);
        CompletableFuture<Boolean> verdict = users.ask(user, password, address);
        if (verdict == null) {
            LOG.warn("{}: too many wrong passwords from {}, who has to wait for a minute", name, address);
            return null;
        }
        return GuardedUsers.awaitRight(verdict) && !mark.isEmpty()
                ? new WarUser(new WarUser.Named(user), mark, users)
                : null;
    }

    @Override
    public boolean validate(UserIdentity user) {
        return user instanceof WarUser known && known.isCurrent();
    }

    @Override
    public UserIdentity restore(String user, String mark) {
        return new WarUser(new WarUser.Named(user), mark, users);
    }

    @Override
    public IdentityService getIdentityService() {
        return identities;
    }

    @Override
    public void setIdentityService(IdentityService service) {
        identities = service;
    }

    @Override
    public void logout(UserIdentity user) {
        if (user instanceof WarUser known) {
            known.logOut();
        }
    }
}
