package marina.valve;

import java.util.concurrent.RejectedExecutionException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Goes on with a request on a thread of the server, where nobody else would answer what fails. */
record Continuation(Request request, Response response, Callback callback, ErrorPage pages) {
    private static final Logger LOG = LoggerFactory.getLogger(Continuation.class);

    /** Does something there. */
    void later(Step step) {
        try {
            request.getComponents().getExecutor().execute(() -> guard(step));
        } catch (RejectedExecutionException e) {
            guard(step); // the server is stopping, and this thread serves few others now
        }
    }

    /** Passes the request on. */
    void pass(Response answer, Request.Handler next) throws Exception {
        if (!next.handle(request, answer, callback)) {
            pages.write(HttpStatus.NOT_FOUND_404, request, response, callback);
        }
    }

    void fail(int status) {
        pages.write(status, request, response, callback);
    }

    private void guard(Step step) {
        try {
            step.run();
        } catch (Exception e) {
            LOG.warn("A request failed after it had waited", e);
            Response.writeError(request, response, callback, e);
        }
    }

    /** Something that may fail. */
    @FunctionalInterface
    interface Step {
        void run() throws Exception;
    }
}
