package marina.context;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import marina.webapp.HostedWar;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.HttpStream;
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
        CompletableFuture<Void> ended = new CompletableFuture<>();
        Callback tracked = new Callback.Nested(callback) {
            private boolean upgraded;

            @Override
            public void succeeded() {
                upgraded = upgradesHold && awaitsEndOfUpgrade(request, ended);
                super.succeeded();
            }

            @Override
            public void completed() {
                if (!upgraded) {
                    ended.complete(null);
                }
            }
        };
        try {
            executor.execute(() -> run(request, response, tracked));
        } catch (RejectedExecutionException e) {
            pages.error(503, request, response, tracked); // the server is stopping
        }
        return ended;
    }

    /** To be called before the answer is complete: from there on the new connection may end at any time. */
    private static boolean awaitsEndOfUpgrade(Request request, CompletableFuture<Void> ended) {
        if (!(request.getAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE) instanceof Connection connection)) {
            return false;
        }
        connection.addEventListener(new Connection.Listener() {
            @Override
            public void onClosed(Connection closed) {
                ended.complete(null);
            }
        });
        Request.addCompletionListener(request, failure -> {
            if (failure != null) {
                ended.complete(null); // then it is not opened
            }
        });
        return true;
    }

    private void run(Request request, Response response, Callback callback) {
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
