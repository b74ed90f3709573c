package marina.proxy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;

/**
 * An upgraded connection: moves bytes between client and backend in both directions, whatever they mean. A side that
 * ends its output (half-close) has that passed on, and the other may finish what it is saying; when it is silent for
 * {@link #LINGER}, or when either connection closes, both close.
 */
final class UpgradeTunnel {

    /** How long a tunnel of which one direction has ended may be silent. */
    static final Duration LINGER = Duration.ofSeconds(10);

    private final EndPoint client;
    private final EndPoint backend;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final AtomicBoolean halfClosed = new AtomicBoolean();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final boolean webSocket;
    private final TunnelConnection fromClient;
    private final TunnelConnection fromBackend;

    /**
     * @param idle how long both directions may be silent
     */
    UpgradeTunnel(EndPoint client, EndPoint backend, TunnelConnection.Ends ends, Duration idle) {
        this.client = client;
        this.backend = backend;
        fromClient = new TunnelConnection(this, client, backend, ends);
        fromBackend = new TunnelConnection(this, backend, client, ends);
        webSocket = ends.webSocket();
        client.setIdleTimeout(idle.toMillis());
        backend.setIdleTimeout(idle.toMillis());
    }

    /**
     * Tells the client of a WebSocket that the server goes away. Its answer reaches the backend as a close frame like any
     * other; the tunnel ends when the backend has closed. Other protocols go on.
     *
     * @return whether it is a WebSocket
     */
    boolean leave() {
        if (webSocket) {
            fromBackend.leave();
        }
        return webSocket;
    }

    /** What the client's connection becomes. */
    Connection fromClient() {
        return fromClient;
    }

    /** What the backend's connection becomes. */
    Connection fromBackend() {
        return fromBackend;
    }

    /** One direction has delivered its last byte. */
    void directionEnded(EndPoint receiver) {
        if (halfClosed.compareAndSet(false, true)) {
            client.setIdleTimeout(LINGER.toMillis());
            backend.setIdleTimeout(LINGER.toMillis());
            receiver.shutdownOutput();
        } else {
            end();
        }
    }

    /** Completes when both sides are closed. */
    CompletableFuture<Void> closed() {
        return closed;
    }

    /** Closes both sides. */
    void end() {
        if (ended.compareAndSet(false, true)) {
            client.close();
            backend.close();
            closed.complete(null);
        }
    }
}
