package marina.proxy;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers a request that could not be forwarded; the response is not committed yet. */
@FunctionalInterface
public interface FailurePage {

    /**
     * Writes the answer and completes the callback.
     *
     * @param status 502 when the backend refused or broke off, 504 when it took too long
     */
    void write(int status, Throwable failure, Request request, Response response, Callback callback);
}
