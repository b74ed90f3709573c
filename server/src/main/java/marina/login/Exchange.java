package marina.login;

import java.util.concurrent.RejectedExecutionException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A request and what answers it. */
record Exchange(Request request, Response response, Callback callback) {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    /** Does something that may fail, on a thread where nobody else would answer then. */
    void guard(Step step) {
        try {
            step.run();
        } catch (Exception e) {
            LOG.warn("A login failed", e);
            Response.writeError(request, response, callback, e);
        }
    }

    /** The same on a thread of the server, as it may take a while or come from a thread that has others to serve. */
    void later(Step step) {
        try {
            request.getComponents().getExecutor().execute(() -> guard(step));
        } catch (RejectedExecutionException e) {
            guard(step); // the server is stopping, and this thread serves few others now
        }
    }

    /** Something that may fail. */
    @FunctionalInterface
    interface Step {
        void run() throws Exception;
    }
}
