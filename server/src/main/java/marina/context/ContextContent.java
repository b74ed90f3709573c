package marina.context;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import marina.backend.BackendStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** What answers in a mounted context. Thread-safe; none of its methods blocks. */
interface ContextContent {

    /**
     * Answers a request and completes the callback, now or later.
     *
     * @return false, with the response untouched, when this content has been retired and its successor should answer
     */
    boolean handle(Request request, Response response, Callback callback);

    /** Whether upgrades pass through, so that a handshake must not be redirected. */
    boolean forwardsUpgrades();

    /** Starts it if it is not running. */
    CompletableFuture<Void> start();

    /** Lets requests in flight end, up to the limit, and stops; the next request starts it again. */
    CompletableFuture<Void> stop(Duration drain);

    /** Stops and starts; requests that come meanwhile wait. */
    CompletableFuture<Void> restart(Duration drain);

    /** Lets requests in flight end, up to the limit, and stops for good. */
    CompletableFuture<Void> retire(Duration drain);

    /** How it is now. */
    BackendStatus status();
}
