package marina.valve;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import marina.login.Login;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Lets in who is logged in, or brings a name and a password as Basic authentication does; answers the pages of the login, and leads
 * all others there. Thread-safe.
 */
final class LoginValve implements Gate {
    private final Login login;
    private final PublicPaths publicPaths;
    private final @Nullable Gate basic;
    private final ErrorPage pages;

    /**
     * A valve.
     *
     * @param basic takes requests that bring name and password; null where there are no passwords
     */
    LoginValve(Login login, PublicPaths publicPaths, @Nullable Gate basic, ErrorPage pages) {
        this.login = login;
        this.publicPaths = publicPaths;
        this.basic = basic;
        this.pages = pages;
    }

    @Override
    public PublicPaths publicPaths() {
        return publicPaths;
    }

    @Override
    public boolean hasPage(String path) {
        return login.includes(path);
    }

    @Override
    public boolean answer(Request request, Response response, Callback callback) throws Exception {
        if (!login.includes(Request.getPathInContext(request))) {
            return false;
        }
        login.answer(login.hide(request), response, callback);
        return true;
    }

    @Override
    public boolean ask(Request client, Response response, Callback callback, Request.Handler next) throws Exception {
        Request request = login.hide(client);
        CompletableFuture<Optional<Login.LoggedIn>> user = login.user(request);
        if (user.isDone() && !user.isCompletedExceptionally()) {
            return decided(user.join(), request, response, callback, next);
        }
        Continuation rest = new Continuation(request, response, callback, pages);
        var unused = user.whenComplete((known, failure) -> rest.later(() -> {
            if (failure != null) {
                rest.fail(HttpStatus.SERVICE_UNAVAILABLE_503);
            } else if (!decided(known, request, response, callback, next)) {
                rest.fail(HttpStatus.NOT_FOUND_404);
            }
        }));
        return true;
    }

    private boolean decided(
            Optional<Login.LoggedIn> user, Request request, Response response, Callback callback, Request.Handler next)
            throws Exception {
        if (user.isPresent()) {
            return next.handle(request, user.get().enter(request, response), callback);
        }
        if (basic != null && BasicCredentials.of(request) != null) {
            return basic.ask(request, response, callback, next);
        }
        login.refuse(request, response, callback);
        return true;
    }
}
