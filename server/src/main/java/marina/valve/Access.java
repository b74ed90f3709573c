package marina.valve;

import java.util.List;
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
    /** Whose rules a request has passed, as a user or because they were open to everybody. */
    private static final String PASSED = Access.class.getName() + ".passed";

    /** Whose passwords its user is known by. */
    private static final String VERIFIED = Access.class.getName() + ".verified";

    /** The rules that let it in as a public file and as nothing else. */
    private static final String FILE_ONLY = Access.class.getName() + ".file";

    /** That it was a crawler who was rejected. */
    private static final String REJECTED = Access.class.getName() + ".rejected";

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
        if (password.answer(request, response, callback)) {
            return true;
        }
        PublicPaths.Opening open = password.publicPaths().of(request);
        if (open == PublicPaths.Opening.NOTHING) {
            return ask(password, request, response, callback, next);
        }
        if (!isOwn(request)) {
            Request.setAuthenticationState(request, null); // who is known elsewhere may be another one of that name
        }
        request.setAttribute(PASSED, config.auth());
        if (open == PublicPaths.Opening.FILE) {
            request.setAttribute(FILE_ONLY, this);
        }
        return next.handle(request, response, callback);
    }

    /** Whether nobody is asked for a password before a public file is sent. Asks nobody and remembers nothing. */
    public boolean opensFiles(Request request) {
        return password == null || password.publicPaths().of(request) != PublicPaths.Opening.NOTHING;
    }

    /** Whether a canonical path is that of a login page, which is answered here whatever is mounted there. */
    public boolean hasPage(String path) {
        return password != null && password.hasPage(path);
    }

    /**
     * Passes a request on only when its user is known by the passwords here, even where a path is public. Where no password is
     * asked for, nobody passes.
     *
     * @param next must not return false
     */
    public boolean identify(Request request, Response response, Callback callback, Request.Handler next)
            throws Exception {
        if (password == null) {
            pages.write(HttpStatus.FORBIDDEN_403, request, response, callback);
            return true;
        }
        return isOwn(request)
                ? next.handle(request, response, callback)
                : ask(password, request, response, callback, next);
    }

    /**
     * To be called before an application answers: what was let in for being a public file, and was answered by none, is for
     * users only.
     *
     * @param next must not return false
     */
    public static boolean settle(Request request, Response response, Callback callback, Request.Handler next)
            throws Exception {
        return request.getAttribute(FILE_ONLY) instanceof Access access
                ? access.identify(request, response, callback, next)
                : next.handle(request, response, callback);
    }

    /** Forgets what has been found out about a request, because it is now for another path. */
    public static void forget(Request request) {
        List.of(PASSED, VERIFIED, FILE_ONLY).forEach(request::removeAttribute);
        Request.setAuthenticationState(request, null);
    }

    private boolean ask(Gate gate, Request request, Response response, Callback callback, Request.Handler next)
            throws Exception {
        return gate.ask(request, response, callback, (known, answer, end) -> {
            known.setAttribute(PASSED, config.auth());
            known.setAttribute(VERIFIED, config.auth());
            known.removeAttribute(FILE_ONLY);
            return next.handle(known, answer, end);
        });
    }

    private boolean isOwn(Request request) {
        return config.auth().equals(request.getAttribute(VERIFIED));
    }

    /**
     * Whether this is a crawler that gets nothing here, or nothing but public files. Who has shown a password is none; and all
     * may read the rules for crawlers, where there are any (RFC 9309: without them everything counts as allowed).
     *
     * @param publicFile whether public files are what it would get
     */
    public boolean rejects(Request request, boolean publicFile) {
        boolean rule = config.bots() == Bots.REJECT || (config.bots() != Bots.ALLOW && !publicFile);
        return rule
                && !(publicFile && ROBOTS.equals(request.getHttpURI().getCanonicalPath()))
                && crawlers.include(request.getHeaders().get(HttpHeader.USER_AGENT))
                && !isKnown(request);
    }

    /** Whether this is a crawler that gets nothing from a route that answers in place of a context. */
    public boolean rejectsFromRoutes(Request request) {
        return config.bots() != Bots.NO_APPLICATIONS && rejects(request, false);
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
        request.setAttribute(REJECTED, true);
        pages.write(HttpStatus.FORBIDDEN_403, request, response, callback);
    }

    /** Whether a request was that of a crawler, and got nothing. */
    public static boolean wasRejected(Request request) {
        return request.getAttribute(REJECTED) != null;
    }

    /** Whether no password is asked for. */
    public boolean isOpen() {
        return password == null;
    }
}
