package marina.valve;

import java.security.Principal;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import marina.config.AuthConfig;
import marina.config.PathRule;
import marina.config.Regex;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for a name and a password (RFC 7617). Who has been verified is the request's user from then on: in the access log, for
 * {@code getRemoteUser()} and as Remote-User at backends. Failures are counted by address; too many get 429. Thread-safe.
 */
final class BasicAuthValve implements Valve {
    private static final Logger LOG = LoggerFactory.getLogger(BasicAuthValve.class);

    private final String challenge;
    private final List<PathRule> publicPaths;
    private final PrefixIndex index;
    private final Passwords passwords;
    private final Throttle throttle;
    private final Predicate<String> isPublicFile;
    private final ErrorPage pages;

    /**
     * A valve.
     *
     * @param isPublicFile whether a path is answered by a public file: only those are exempt by their extension
     */
    BasicAuthValve(
            AuthConfig config,
            Passwords passwords,
            Throttle throttle,
            Predicate<String> isPublicFile,
            ErrorPage pages) {
        this.challenge = "Basic realm=\"" + config.realm().replaceAll("([\"\\\\])", "\\\\$1") + "\", charset=\"UTF-8\"";
        this.publicPaths = config.publicPaths();
        this.index = new PrefixIndex(publicPaths.stream().map(PathRule::regex).toList());
        this.passwords = passwords;
        this.throttle = throttle;
        this.isPublicFile = isPublicFile;
        this.pages = pages;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback, Request.Handler next)
            throws Exception {
        return isPublic(request) ? next.handle(request, response, callback) : ask(request, response, callback, next);
    }

    /** Passes on only whose password is right, even where a path is public. */
    boolean ask(Request request, Response response, Callback callback, Request.Handler next) throws Exception {
        BasicCredentials credentials = BasicCredentials.of(request);
        if (credentials == null) {
            challenge(request, response, callback);
            return true;
        }
        CompletableFuture<Boolean> verdict = passwords.remembered(credentials.user(), credentials.password());
        if (verdict == null && throttle.blocks(Request.getRemoteAddr(request))) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, Throttle.WINDOW.toSeconds());
            pages.write(HttpStatus.TOO_MANY_REQUESTS_429, request, response, callback);
            return true;
        }
        if (verdict == null) {
            verdict = passwords.verify(credentials.user(), credentials.password());
        }
        if (verdict.isDone() && !verdict.isCompletedExceptionally() && verdict.join()) {
            enter(request, credentials.user());
            return next.handle(request, response, callback);
        }
        var unused = verdict.whenCompleteAsync(
                (right, failure) -> {
                    if (failure == null) {
                        decided(right, credentials.user(), request, response, callback, next);
                    } else {
                        pages.write(HttpStatus.SERVICE_UNAVAILABLE_503, request, response, callback);
                    }
                },
                request.getComponents().getExecutor());
        return true;
    }

    private void decided(
            boolean right, String user, Request request, Response response, Callback callback, Request.Handler next) {
        if (!right) {
            throttle.failed(Request.getRemoteAddr(request));
            challenge(request, response, callback);
            return;
        }
        enter(request, user);
        try {
            if (!next.handle(request, response, callback)) {
                pages.write(HttpStatus.NOT_FOUND_404, request, response, callback);
            }
        } catch (Exception e) {
            LOG.warn("A request failed after its user was verified", e);
            Response.writeError(request, response, callback, e);
        }
    }

    private boolean isPublic(Request request) {
        String path = Request.getPathInContext(request);
        for (int number : index.candidates(path)) {
            PathRule rule = publicPaths.get(number);
            Regex regex = rule.regex();
            if (regex.find(path) && (rule.form() != PathRule.Form.EXTENSION || isPublicFile.test(path))) {
                return true;
            }
        }
        return false;
    }

    private void challenge(Request request, Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, challenge);
        pages.write(HttpStatus.UNAUTHORIZED_401, request, response, callback);
    }

    private static void enter(Request request, String user) {
        Principal principal = new User(user);
        Request.setAuthenticationState(request, new Request.AuthenticationState() {
            @Override
            public Principal getUserPrincipal() {
                return principal;
            }
        });
    }

    private record User(String name) implements Principal {
        @Override
        public String getName() {
            return name;
        }
    }
}
