package marina.proxy;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.ContainerLifeCycle;

/**
 * Forwards exchanges, plain and upgraded. One for the whole host, because its client holds the connections of all
 * contexts. Thread-safe; never blocks.
 */
public final class Forwarder extends ContainerLifeCycle {

    /** Uses the server's threads, scheduler and buffers; to be started and stopped by its owner. */
    public Forwarder(Server server, FailurePage failurePage) {
        throw new UnsupportedOperationException("" + server + failurePage);
    }

    /**
     * Forwards one exchange. Always completes the callback, with an answer from the failure page when the target does
     * not answer.
     *
     * @return completes (never exceptionally) when the exchange has ended, an upgraded connection included
     */
    public CompletableFuture<Void> forward(
            ForwardTarget target, Request clientRequest, Response clientResponse, Callback callback) {
        throw new UnsupportedOperationException("" + target + clientRequest + clientResponse + callback);
    }

    /**
     * Asks a backend whether it answers: GET, no body kept.
     *
     * @return completes with the status, or exceptionally when there was none in time
     */
    public CompletableFuture<Integer> probe(URI uri, Duration timeout) {
        throw new UnsupportedOperationException("" + uri + timeout);
    }

    /** Open upgraded connections (WebSockets). */
    public int tunnels() {
        throw new UnsupportedOperationException();
    }
}
