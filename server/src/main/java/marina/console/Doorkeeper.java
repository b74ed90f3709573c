package marina.console;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import marina.config.AdminConfig;
import marina.config.UsersConfig;
import marina.user.GuardedUsers;
import marina.user.LoginBrake;
import marina.user.UserFiles;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;

/**
 * Knows who may enter: by name and password, or by the cookie of a login. Asks the users' file each time, so that whoever is
 * taken out of it, or has another password, is out at once. Thread-safe; reading the file may block.
 */
final class Doorkeeper {
    private static final String BASIC = "Basic ";

    private final Supplier<AdminConfig> config;
    private final Supplier<UserFiles> files;
    private final ConsoleSessions sessions;
    private final LoginBrake brake = new LoginBrake();

    Doorkeeper(Supplier<AdminConfig> config, Supplier<UserFiles> files) {
        this.config = config;
        this.files = files;
        this.sessions = new ConsoleSessions(() -> config.get().idleTimeout());
    }

    /** A refusal, with its status; thrown or completed with. */
    static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final int status;
        private final Duration wait;

        Refusal(int status, String message, Duration wait) {
            super(message, null, false, false);
            this.status = status;
            this.wait = wait;
        }

        int status() {
            return status;
        }

        /** After how long to try again; zero when that makes no difference. */
        Duration waiting() {
            return wait;
        }

        String line() {
            return String.valueOf(getMessage());
        }
    }

    /** Whether there is anybody who could enter. */
    boolean hasUsers() {
        return Files.exists(config.get().users()) && users().hasAnyWith(Role.names());
    }

    /** The visitor that the cookie of a request tells; empty when there is none any more. */
    Optional<Visitor> bySession(Request request) {
        return session(request).flatMap(session -> {
            Set<Role> roles = roles(session.user());
            boolean same = users().markNow(session.user()).equals(Optional.of(session.mark()));
            if (!same || roles.isEmpty()) {
                sessions.end(session);
                return Optional.empty();
            }
            return Optional.of(new Visitor(session.user(), roles, true, session.csrf()));
        });
    }

    /** Whether a request brings a name and a password. */
    static boolean hasPassword(Request request) {
        String header = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        return header != null && header.regionMatches(true, 0, BASIC, 0, BASIC.length());
    }

    /** The visitor whose name and password a request brings; completes with a {@link Refusal} when they are wrong. */
    CompletableFuture<Visitor> byPassword(Request request) {
        String header = String.valueOf(request.getHeaders().get(HttpHeader.AUTHORIZATION));
        String text;
        try {
            byte[] bytes =
                    Base64.getDecoder().decode(header.substring(BASIC.length()).strip());
            text = new String(bytes, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(wrong());
        }
        int colon = text.indexOf(':');
        return colon <= 0
                ? CompletableFuture.failedFuture(wrong())
                : verify(text.substring(0, colon), text.substring(colon + 1), request);
    }

    /** The user with this name and password; completes with a {@link Refusal} when they are wrong. */
    CompletableFuture<Visitor> verify(String user, String password, Request request) {
        String address = Request.getRemoteAddr(request);
        if (!hasUsers()) {
            return CompletableFuture.failedFuture(wrong());
        }
        if (brake.isLocked(user, address)) {
            return CompletableFuture.failedFuture(locked(LoginBrake.LOCK));
        }
        CompletableFuture<Boolean> verdict = users().ask(user, password, address);
        if (verdict == null) {
            return CompletableFuture.failedFuture(locked(GuardedUsers.WAIT));
        }
        return verdict.thenApply(right -> {
            if (!right) {
                brake.failed(user, address);
                throw wrong();
            }
            brake.succeeded(user, address);
            Set<Role> roles = roles(user);
            if (roles.isEmpty()) {
                throw new Refusal(
                        HttpStatus.FORBIDDEN_403, user + " has none of the roles " + Role.names(), Duration.ZERO);
            }
            return new Visitor(user, roles, false, "");
        });
    }

    /** Begins a session of somebody who has been verified. */
    ConsoleSessions.Session begin(Visitor visitor) {
        return sessions.begin(visitor.user(), users().markNow(visitor.user()).orElse(""));
    }

    /**
     * Tells whether a visitor who has come in would be let in again: the session goes on, and the user has the same password and the
     * same roles. Asking does not keep a session alive.
     */
    BooleanSupplier stays(Visitor visitor, Request request) {
        String user = visitor.user();
        Optional<ConsoleSessions.Session> session = visitor.bySession() ? session(request) : Optional.empty();
        Optional<String> mark = session.map(ConsoleSessions.Session::mark).or(() -> users().markNow(user));
        return () -> session.filter(one -> !sessions.isAlive(one)).isEmpty()
                && users().markNow(user).equals(mark)
                && roles(user).equals(visitor.roles());
    }

    /** Ends the session of a request. */
    void end(Request request) {
        session(request).ifPresent(sessions::end);
    }

    /** The cookie of a request's port: several servers may be on one machine, and cookies know no ports. */
    static String cookie(Request request) {
        return "marina_console_" + Request.getServerPort(request);
    }

    private Optional<ConsoleSessions.Session> session(Request request) {
        String name = cookie(request);
        return Request.getCookies(request).stream()
                .filter(cookie -> cookie.getName().equals(name))
                .map(HttpCookie::getValue)
                .flatMap(id -> sessions.find(id).stream())
                .findFirst();
    }

    private Set<Role> roles(String user) {
        return Role.of(users().roles(user));
    }

    private GuardedUsers users() {
        return files.get().of(UsersConfig.of(config.get().users()));
    }

    private static Refusal wrong() {
        return new Refusal(HttpStatus.UNAUTHORIZED_401, "the name or the password is wrong", Duration.ZERO);
    }

    private static Refusal locked(Duration wait) {
        return new Refusal(
                HttpStatus.TOO_MANY_REQUESTS_429,
                "too many wrong passwords; try again in " + wait.toMinutes()
                        + (wait.toMinutes() == 1 ? " minute" : " minutes"),
                wait);
    }
}
