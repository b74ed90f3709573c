package marina.proxy;

import java.util.concurrent.TimeoutException;
import marina.connection.Answer;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/**
 * What an exchange has to do with the client: its request, the response to it, and the one completion of both.
 *
 * @param watch learns how it goes
 */
record ClientSide(Request request, Response response, ExchangeEnd end, TargetWatch watch) {

    /** Clients of HTTP/1.0 do not know interim responses (RFC 9110 section 15.2). */
    boolean knowsInterimResponses() {
        return version().getVersion() >= HttpVersion.HTTP_1_1.getVersion();
    }

    /** Whether this failure of the request's body means that the client has gone; Jetty calls that a bad message too. */
    boolean hasLeft(@Nullable Throwable bodyFailure) {
        if (bodyFailure == null || bodyFailure instanceof TimeoutException) {
            return false;
        }
        return !(bodyFailure instanceof HttpException refusal)
                || (refusal.getCode() == HttpStatus.BAD_REQUEST_400
                        && request.getConnectionMetaData()
                                .getConnection()
                                .getEndPoint()
                                .isInputShutdown());
    }

    /** Whether only chunks can tell the client where the answer ends. */
    boolean needsChunks(Answer answer) {
        return version() == HttpVersion.HTTP_1_1
                && !HttpMethod.HEAD.is(request.getMethod())
                && !HttpStatus.hasNoBody(answer.status())
                && !answer.fields().contains(HttpHeader.CONTENT_LENGTH);
    }

    /** Whether the answer has no body, and does not say how long one would be: neither may what the client gets. */
    boolean leavesLengthOpen(Answer answer) {
        return (HttpMethod.HEAD.is(request.getMethod()) || answer.status() == HttpStatus.NOT_MODIFIED_304)
                && !answer.fields().contains(HttpHeader.CONTENT_LENGTH);
    }

    private HttpVersion version() {
        return request.getConnectionMetaData().getHttpVersion();
    }
}
