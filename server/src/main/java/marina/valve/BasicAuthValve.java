package marina.valve;

import java.util.concurrent.CompletableFuture;
import marina.login.PasswordCheck;
import marina.login.VerifiedUser;
import marina.user.GuardedUsers;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Asks for a name and a password (RFC 7617). Who has been verified is the request's user from then on: in the access log, for
 * {@code getRemoteUser()} and as Remote-User at backends. Failures are counted by address; too many get 429. Thread-safe.
 */
final class BasicAuthValve implements Gate {
    private final PublicPaths publicPaths;
    private final PasswordCheck passwords;
    private final ErrorPage refusal;
    private final ErrorPage pages;

    /**
     * A valve.
     *
     * @param refusal answers who has shown no password, or a wrong one; what the status is, it knows
     * @param pages answer the rest
     */
    BasicAuthValve(PublicPaths publicPaths, PasswordCheck passwords, ErrorPage refusal, ErrorPage pages) {
        this.publicPaths = publicPaths;
        this.passwords = passwords;
        this.refusal = refusal;
        this.pages = pages;
    }

    /** The answer that makes browsers ask for name and password. */
    static ErrorPage challenge(String usual, Realms realms, ErrorPage pages) {
        String challenge = challenge(usual);
        return (status, request, response, callback) -> {
            String own = realms.of(Request.getPathInContext(request));
            response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, own == null ? challenge : challenge(own));
            pages.write(status, request, response, callback);
        };
    }

    private static String challenge(String realm) {
        return "Basic realm=\"" + realm.replaceAll("([\"\\\\])", "\\\\$1") + "\", charset=\"UTF-8\"";
    }

    @Override
    public PublicPaths publicPaths() {
        return publicPaths;
    }

    @Override
    public boolean answer(Request request, Response response, Callback callback) {
        return false;
    }

    @Override
    public boolean hasPage(String path) {
        return false;
    }

    @Override
    public boolean ask(Request request, Response response, Callback callback, Request.Handler next) throws Exception {
        BasicCredentials credentials = BasicCredentials.of(request);
        if (credentials == null) {
            refusal.write(HttpStatus.UNAUTHORIZED_401, request, response, callback);
            return true;
        }
        CompletableFuture<Boolean> verdict =
                passwords.ask(credentials.user(), credentials.password(), Request.getRemoteAddr(request));
        if (verdict == null) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, GuardedUsers.WAIT.toSeconds());
            pages.write(HttpStatus.TOO_MANY_REQUESTS_429, request, response, callback);
            return true;
        }
        if (GuardedUsers.isRight(verdict)) {
            VerifiedUser.set(request, credentials.user());
            return next.handle(request, response, callback);
        }
        Continuation rest = new Continuation(request, response, callback, pages);
        var unused = verdict.whenComplete((right, failure) -> rest.later(() -> {
            if (failure != null) {
                rest.fail(HttpStatus.SERVICE_UNAVAILABLE_503);
            } else if (right) {
                VerifiedUser.set(request, credentials.user());
                rest.pass(response, next);
            } else {
                refusal.write(HttpStatus.UNAUTHORIZED_401, request, response, callback);
            }
        }));
        return true;
    }
}
