package marina.console;

import java.util.concurrent.CompletionException;
import marina.rest.Rest;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Tells clients why they do not enter. */
final class Refusals {
    private Refusals() {}

    /** Asks scripts and browsers for a password again, when it was wrong. */
    static void challenge(Throwable failure, Response response) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        if (cause instanceof Doorkeeper.Refusal refusal && refusal.status() == HttpStatus.UNAUTHORIZED_401) {
            response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Basic realm=\"Marina\", charset=\"UTF-8\"");
        }
    }

    /** Answers with what a {@link Doorkeeper} has completed with. */
    static void answer(Throwable failure, Response response, Callback callback) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof Doorkeeper.Refusal refusal) {
            if (!refusal.waiting().isZero()) {
                response.getHeaders()
                        .put(HttpHeader.RETRY_AFTER, refusal.waiting().toSeconds());
            }
            Rest.refuse(refusal.status(), refusal.line(), response, callback);
        } else {
            Rest.refuse(
                    HttpStatus.SERVICE_UNAVAILABLE_503,
                    "passwords cannot be verified now; try again",
                    response,
                    callback);
        }
    }
}
