package marina.server;

import java.rmi.server.RemoteServer;
import java.rmi.server.ServerNotActiveException;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import javax.management.remote.JMXAuthenticator;
import javax.management.remote.JMXPrincipal;
import javax.security.auth.Subject;
import marina.user.GuardedUsers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets in who shows a password and has a role for it; who guesses has to wait, as everywhere.
 *
 * @param users who they are
 */
record JmxLogin(GuardedUsers users) implements JMXAuthenticator {
    private static final Logger LOG = LoggerFactory.getLogger(JmxLogin.class);

    private static final Set<String> ROLES = Set.of("manager", "manager-jmx");

    @Override
    public Subject authenticate(Object credentials) {
        if (!(credentials instanceof String[] texts) || texts.length != 2 || texts[0] == null || texts[1] == null) {
            throw new SecurityException("a user and a password are needed");
        }
        String address = address();
        CompletableFuture<Boolean> verdict = users.ask(texts[0], texts[1], address);
        if (verdict == null) {
            LOG.warn("JMX: too many wrong passwords from {}, who has to wait for a minute", address);
            throw new SecurityException("too many wrong passwords; wait for a minute");
        }
        if (!GuardedUsers.awaitRight(verdict) || Collections.disjoint(users.roles(texts[0]), ROLES)) {
            LOG.warn("JMX: {} may not connect from {}", texts[0], address);
            throw new SecurityException(
                    "the user is unknown, the password is wrong, or the role manager-jmx is missing");
        }
        LOG.info("JMX: {} connects from {}", texts[0], address);
        return new Subject(true, Set.of(new JMXPrincipal(texts[0])), Collections.emptySet(), Collections.emptySet());
    }

    private static String address() {
        try {
            return RemoteServer.getClientHost();
        } catch (ServerNotActiveException e) {
            return "this machine";
        }
    }
}
