package marina.proxy;

import java.net.SocketTimeoutException;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpMethod;
import org.jspecify.annotations.Nullable;

/** How far requests get that fail, and which may be sent again. Pure. */
final class Reaches {
    private Reaches() {}

    /** Whether a method may be used again when nobody knows what became of the first time. */
    static boolean isIdempotent(String method) {
        HttpMethod known = HttpMethod.fromString(method);
        return known != null && (known.isIdempotent() || known.isSafe());
    }

    /** Whether a backend expects to be told that there is no body. */
    static boolean expectsBody(String method) {
        return HttpMethod.POST.is(method) || HttpMethod.PUT.is(method) || HttpMethod.PATCH.is(method);
    }

    /** Whether something took too long. */
    static boolean isTimeout(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof TimeoutException || cause instanceof SocketTimeoutException) {
                return true;
            }
        }
        return false;
    }

    /**
     * How far a request without an answer got.
     *
     * @param method of the client
     * @param sent whether any of it may have been sent
     */
    static TargetWatch.Reach of(String method, @Nullable ClientBody body, boolean sent, Throwable failure) {
        if (!sent && (body == null || body.isWhole())) {
            return TargetWatch.Reach.NOWHERE;
        }
        return body == null && isIdempotent(method) && !isTimeout(failure)
                ? TargetWatch.Reach.REPEATABLE
                : TargetWatch.Reach.FINAL;
    }
}
