package marina.context;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Lets a handler answer that may block, on a thread of the pool: requests arrive on threads that must not block.
 *
 * @param handler answers
 * @param executor the server's pool
 * @param pages answers what the handler does not
 */
record BlockingExchange(Handler handler, Executor executor, StatusPages pages) {

    /** Never blocks; the future completes when the callback has been completed. */
    CompletableFuture<Void> handle(Request request, Response response, Callback callback) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        Callback tracked = Callback.from(callback, () -> ended.complete(null));
        try {
            executor.execute(() -> run(request, response, tracked));
        } catch (RejectedExecutionException e) {
            pages.error(503, request, response, tracked); // the server is stopping
        }
        return ended;
    }

    private void run(Request request, Response response, Callback callback) {
        try {
            if (!handler.handle(request, response, callback)) {
                pages.notFound(request, response, callback);
            }
        } catch (Exception | Error e) {
            Response.writeError(request, response, callback, e);
        }
    }
}
