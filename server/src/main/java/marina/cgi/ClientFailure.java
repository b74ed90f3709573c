package marina.cgi;

import java.nio.file.FileSystemException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import marina.proxy.Abandoned;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a call whose request has not come in whole. */
final class ClientFailure {
    private static final Logger LOG = LoggerFactory.getLogger(ClientFailure.class);

    private ClientFailure() {}

    /** Answers with what fits; a client that has left gets nothing and is marked as such. The response is not committed. */
    static void answer(Throwable failure, CgiCall call, CgiPages pages) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        int status = status(cause, call.request());
        if (status == Abandoned.STATUS) {
            Abandoned.mark(call.request());
            call.callback().failed(cause);
        } else {
            if (status == HttpStatus.SERVICE_UNAVAILABLE_503) {
                call.response().getHeaders().put(HttpHeader.RETRY_AFTER, 1);
            }
            pages.write(status, call.request(), call.response(), call.callback());
        }
    }

    private static int status(Throwable failure, Request request) {
        if (failure instanceof TimeoutException) {
            return HttpStatus.REQUEST_TIMEOUT_408;
        }
        if (failure instanceof RejectedExecutionException) {
            return HttpStatus.SERVICE_UNAVAILABLE_503;
        }
        if (failure instanceof HttpException refusal && !hasLeft(refusal, request)) {
            return refusal.getCode();
        }
        if (failure instanceof FileSystemException) {
            LOG.error("The body of a request cannot be kept: {}; check space and permissions", failure.toString());
            return HttpStatus.INTERNAL_SERVER_ERROR_500;
        }
        return Abandoned.STATUS;
    }

    /** Jetty calls that a bad message too. */
    private static boolean hasLeft(HttpException refusal, Request request) {
        return refusal.getCode() == HttpStatus.BAD_REQUEST_400
                && request.getConnectionMetaData().getConnection().getEndPoint().isInputShutdown();
    }
}
