package marina.login;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Response;

/** What logins answer besides pages. Immutable. */
final class Answers {
    private final String challenge;
    private final ErrorAnswer errors;

    Answers(String realm, ErrorAnswer errors) {
        this.challenge = "Cookie realm=\"" + realm.replaceAll("([\"\\\\])", "\\\\$1") + "\"";
        this.errors = errors;
    }

    void error(int status, Exchange exchange) {
        errors.write(status, exchange.request(), exchange.response(), exchange.callback());
    }

    void methodNotAllowed(String allowed, Exchange exchange) {
        exchange.response().getHeaders().put(HttpHeader.ALLOW, allowed);
        error(HttpStatus.METHOD_NOT_ALLOWED_405, exchange);
    }

    /** A 401 must name a scheme (RFC 9110 section 15.5.2); this one makes no browser ask for a password. */
    void challenge(Response response) {
        response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, challenge);
    }

    /** Goes on elsewhere, with GET. */
    static void redirect(int status, String target, Exchange exchange) {
        Response response = exchange.response();
        response.setStatus(status);
        response.getHeaders()
                .put(HttpHeader.LOCATION, target)
                .put(HttpHeader.CACHE_CONTROL, "no-store")
                .put(HttpHeader.CONTENT_LENGTH, 0);
        response.write(true, null, exchange.callback());
    }
}
