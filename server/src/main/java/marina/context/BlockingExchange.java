package marina.context;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import marina.metrics.Journey;
import marina.proxy.AnswerEnd;
import marina.proxy.BodyLength;
import marina.webapp.HostedWar;
import marina.worker.ClientEvents;
import marina.worker.Shift;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Lets a WAR answer, which may block. Requests arrive on threads that must not: such a thread serves only what is short and has no body that it
 * would have to wait for, and only where somebody would relieve it; all else goes to a thread of its own.
 *
 * @param war answers
 * @param threads for what is not short
 * @param pages answers what the WAR does not, or not any more
 * @param upgradesHold whether the exchange goes on while an upgraded connection is open
 */
record BlockingExchange(HostedWar war, Executor threads, StatusPages pages, boolean upgradesHold) {

    /**
     * Blocks only where that is allowed; the future completes when the callback has been completed or, when upgrades hold, with the end of the
     * connection that the answer has turned the request into, such as a WebSocket.
     */
    CompletableFuture<Void> handle(Request request, Response response, Callback callback) {
        AnswerEnd tracked = new AnswerEnd(request, callback, upgradesHold);
        ClientEvents events = ClientEvents.of(request);
        if (events != null) {
            events.expectBlocking();
        }
        Shift shift = Shift.current();
        if (shift != null && war.brevity().isTrusted() && mayServeHere(request)) {
            shift.serve(() -> run(request, response, tracked), war.brevity());
            return tracked.ended();
        }
        try {
            threads.execute(() -> runForLong(request, response, tracked));
        } catch (RejectedExecutionException e) {
            pages.error(503, request, response, tracked); // the server is stopping
        }
        return tracked.ended();
    }

    private static boolean mayServeHere(Request request) {
        return request.getLength() <= 0 && !BodyLength.isUnknown(request);
    }

    private void runForLong(Request request, Response response, Callback callback) {
        long start = System.nanoTime();
        run(request, response, callback);
        war.brevity().served(System.nanoTime() - start);
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
