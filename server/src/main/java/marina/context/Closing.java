package marina.context;

import java.util.Optional;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Whether a context is closed for maintenance. Thread-safe.
 *
 * @param own what the operator has written for it; empty for what is true of the server at that time
 * @param pages answers while it is closed
 */
record Closing(Optional<Boolean> own, StatusPages pages) {

    boolean isClosed() {
        return own.isPresent() ? own.get() : pages.isServerClosed();
    }

    void answer(Request request, Response response, Callback callback) {
        pages.maintenance(request, response, callback);
    }
}
