package marina.context;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import marina.metrics.Journey;
import marina.proxy.AnswerEnd;
import marina.webapp.HostedWar;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Lets a WAR answer, which may block, on a thread of the pool: requests arrive on threads that must not block.
 *
 * @param war answers
 * @param executor the server's pool
 * @param pages answers what the WAR does not, or not any more
 * @param upgradesHold whether the exchange goes on while an upgraded connection is open
 */
record BlockingExchange(HostedWar war, Executor executor, StatusPages pages, boolean upgradesHold) {

    /**
     * Never blocks; the future completes when the callback has been completed or, when upgrades hold, with the end of the
     * connection that the answer has turned the request into, such as a WebSocket.
     */
    CompletableFuture<Void> handle(Request request, Response response, Callback callback) {
        AnswerEnd tracked = new AnswerEnd(request, callback, upgradesHold);
        try {
            executor.execute(() -> run(request, response, tracked));
        } catch (RejectedExecutionException e) {
            pages.error(503, request, response, tracked); // the server is stopping
        }
        return tracked.ended();
    }

    private void run(Request request, Response response, Callback callback) {
        Journey.of(request).asked();
        try {
            Response answer = new LateErrors(request, response, war::isStopped, pages);
            if (!war.handler().handle(request, answer, callback)) {
                pages.notFound(request, response, callback);
            }
        } catch (Exception | Error e) {
            Response.writeError(request, response, callback, e);
        }
    }
}
