package marina.server;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * What answers operators: {@link #handle} those who use the control socket, whom the mode of its file lets in,
 * {@link #console} all others, who have to log in. Called by threads that must not be blocked; thread-safe.
 */
@FunctionalInterface
public interface Administration extends Request.Handler {

    /**
     * Answers a request that came to the admin listener, or to its path on an address of the server.
     *
     * @param prefix that path, without a slash at the end; empty on the admin listener
     * @return false, with the response untouched, when nobody answers
     */
    default boolean console(String prefix, Request request, Response response, Callback callback) throws Exception {
        return false;
    }

    /** Ends the answers that go on for as long as the server runs, because it is about to stop. */
    default void leave() {}
}
