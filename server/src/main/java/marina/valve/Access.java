package marina.valve;

import marina.config.AccessConfig;
import marina.config.Bots;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Who may come in: the passwords and the rule for crawlers of the server, or of one context. Made by {@link Accesses}, one for
 * all contexts that ask for the same. Thread-safe.
 */
public final class Access {
    private static final String PASSED = Access.class.getName();
    private static final String ROBOTS = "/robots.txt";

    private final AccessConfig config;
    private final @Nullable Gate password;
    private final Crawlers crawlers;
    private final ErrorPage pages;

    Access(AccessConfig config, @Nullable Gate password, Crawlers crawlers, ErrorPage pages) {
        this.config = config;
        this.password = password;
        this.crawlers = crawlers;
        this.pages = pages;
    }

    /**
     * Passes a request on when its user is known by password, or need not be. Costs nothing when no password is asked for, and
     * nothing again for a request that has passed the same rules already, under whatever path.
     *
     * @param next must not return false
     */
    public boolean authorize(Request request, Response response, Callback callback, Request.Handler next)
            throws Exception {
        if (password == null || config.auth().equals(request.getAttribute(PASSED))) {
            return next.handle(request, response, callback);
        }
        return password.handle(request, response, callback, (passed, answer, end) -> {
            passed.setAttribute(PASSED, config.auth());
            return next.handle(passed, answer, end);
        });
    }

    /** Whether a canonical path is that of a login page, which is answered here whatever is mounted there. */
    public boolean hasPage(String path) {
        return password instanceof LoginValve login && login.includes(path);
    }

    /**
     * Passes a request on only when its user is known by password, even where a path is public. Where no password is asked for,
     * nobody passes.
     *
     * @param next must not return false
     */
    public boolean identify(Request request, Response response, Callback callback, Request.Handler next)
            throws Exception {
        if (isKnown(request)) {
            return next.handle(request, response, callback);
        }
        if (password == null) {
            pages.write(HttpStatus.FORBIDDEN_403, request, response, callback);
            return true;
        }
        return password.ask(request, response, callback, next);
    }

    /**
     * Whether this is a crawler that gets nothing here, or nothing but public files. Who has shown a password is none; and all
     * may read the rules for crawlers, where there are any (RFC 9309: without them everything counts as allowed).
     *
     * @param publicFile whether public files are what it would get
     */
    public boolean rejects(Request request, boolean publicFile) {
        boolean rule = config.bots() == Bots.REJECT || (config.bots() == Bots.PUBLIC_ONLY && !publicFile);
        return rule
                && !(publicFile && ROBOTS.equals(request.getHttpURI().getCanonicalPath()))
                && crawlers.include(request.getHeaders().get(HttpHeader.USER_AGENT))
                && !isKnown(request);
    }

    private static boolean isKnown(Request request) {
        return user(request) != null;
    }

    /** Who has shown a password; null when nobody has. */
    public static @Nullable String user(Request request) {
        Request.AuthenticationState state = Request.getAuthenticationState(request);
        return state == null || state.getUserPrincipal() == null
                ? null
                : state.getUserPrincipal().getName();
    }

    /** The answer to a crawler that is rejected. */
    public void reject(Request request, Response response, Callback callback) {
        pages.write(HttpStatus.FORBIDDEN_403, request, response, callback);
    }

    /** Whether no password is asked for. */
    public boolean isOpen() {
        return password == null;
    }
}
