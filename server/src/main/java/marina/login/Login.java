package marina.login;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import marina.config.AuthConfig;
import marina.config.LoginConfig;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * A login that a cookie remembers: its pages, who is logged in, and what happens to those who are not. Made by {@link Logins}.
 * Thread-safe; blocks nowhere.
 */
public final class Login {
    private final Places places;
    private final LoginPages pages;
    private final Sessions sessions;
    private final Users users;
    private final LoginMethod method;
    private final Answers answers;
    private final Set<String> cookie;

    Login(AuthConfig auth, Sessions sessions, Users users, LoginMethod method, Answers answers) {
        this.places = Places.of(auth.login());
        this.pages = pages(auth);
        this.sessions = sessions;
        this.users = users;
        this.method = method;
        this.answers = answers;
        this.cookie = Set.of(auth.login().session().cookie());
    }

    static LoginPages pages(AuthConfig auth) {
        LoginConfig login = auth.login();
        return new LoginPages(auth.realm(), login.page());
    }

    /** The request without its cookie, which only logins can still read. */
    public Request hide(Request request) {
        return HiddenCookies.hide(request, cookie);
    }

    /** Whether a canonical path is that of one of its pages. */
    public boolean includes(String path) {
        return places.include(path);
    }

    /** Answers a request for one of its pages. */
    public void answer(Request request, Response response, Callback callback) throws Exception {
        Exchange exchange = new Exchange(request, response, callback);
        String path = Request.getPathInContext(request);
        if (path.equals(places.login())) {
            method.login(exchange);
        } else if (path.equals(places.logout())) {
            logout(exchange);
        } else {
            method.comeBack(exchange);
        }
    }

    /** The login that a request brings the cookie of, when its user may still enter. */
    public CompletableFuture<Optional<LoggedIn>> user(Request request) {
        Session session = sessions.of(request);
        if (session == null) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return users.mark(session.user()).thenApply(mark -> mark.filter(known -> sessions.isStillOf(session, known))
                .map(known -> new LoggedIn(sessions, session)));
    }

    /** Answers somebody who is not logged in: people get the login page, programs 401. */
    public void refuse(Request request, Response response, Callback callback) {
        Exchange exchange = new Exchange(request, response, callback);
        if (Origins.wantsPage(request) && places.cover(Request.getPathInContext(request))) {
            String target = Places.url(places.login()) + ReturnPath.query(request);
            Answers.redirect(HttpStatus.FOUND_302, target, exchange);
        } else {
            answers.challenge(response);
            answers.error(HttpStatus.UNAUTHORIZED_401, exchange);
        }
    }

    private void logout(Exchange exchange) {
        Request request = exchange.request();
        String home = Places.url(places.home());
        if (Origins.isSafe(request)) {
            pages.logout(home, exchange);
        } else if (!HttpMethod.POST.is(request.getMethod())) {
            answers.methodNotAllowed("GET, HEAD, POST", exchange);
        } else if (Origins.isForeign(request)) {
            answers.error(HttpStatus.FORBIDDEN_403, exchange);
        } else {
            sessions.end(request, exchange.response());
            Optional<String> farewell = method.farewell();
            if (farewell.isPresent()) {
                Answers.redirect(HttpStatus.SEE_OTHER_303, farewell.get(), exchange);
            } else {
                LoginPages.Link again = new LoginPages.Link(home, "Sign in again");
                pages.notice(HttpStatus.OK_200, "Signed out", "You are signed out.", again, exchange);
            }
        }
    }

    /** Somebody who is logged in. */
    public static final class LoggedIn {
        private final Sessions sessions;
        private final Session session;

        private LoggedIn(Sessions sessions, Session session) {
            this.sessions = sessions;
            this.session = session;
        }

        /** Makes the user known, and the response one that brings a new cookie when half of the old one's time is over. */
        public Response enter(Request request, Response response) {
            VerifiedUser.set(request, session.user());
            boolean upgrade =
                    request.getHeaders().contains(HttpHeader.UPGRADE) || HttpMethod.CONNECT.is(request.getMethod());
            return upgrade || !sessions.isDue(session)
                    ? response
                    : new RenewedResponse(request, response, () -> sessions.renew(request, response, session));
        }
    }
}
