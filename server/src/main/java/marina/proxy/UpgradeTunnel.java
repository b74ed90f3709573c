package marina.proxy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.IdleTimeout;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * An upgraded connection: moves bytes between client and backend in both directions, whatever they mean. A side that
 * ends its output (half-close) has that passed on, and the other may finish what it is saying; when it is silent for too
 * long, or when either connection closes, both close.
 */
final class UpgradeTunnel {

    private final EndPoint client;
    private final EndPoint backend;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final AtomicBoolean halfClosed = new AtomicBoolean();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final boolean webSocket;
    private final Duration linger;
    private final TunnelConnection fromClient;
    private final TunnelConnection fromBackend;
    private volatile Scheduler.@Nullable Task nextBeat;

    UpgradeTunnel(EndPoint client, EndPoint backend, TunnelConnection.Ends ends, ForwardTimeouts.Tunnel silence) {
        this.client = client;
        this.backend = backend;
        fromClient = new TunnelConnection(this, client, backend, ends, true);
        fromBackend = new TunnelConnection(this, backend, client, ends, false);
        webSocket = ends.webSocket();
        linger = silence.linger();
        client.setIdleTimeout(silence.idle().toMillis());
        backend.setIdleTimeout(silence.idle().toMillis());
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

    /** Pings both sides again and again, until it ends. */
    void beat(Scheduler scheduler, Duration interval) {
        nextBeat = scheduler.schedule(
                () -> {
                    if (!ended.get()) {
                        fromClient.ping();
                        fromBackend.ping();
                        beat(scheduler, interval);
                    }
                },
                interval.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** The other direction. */
    TunnelConnection other(TunnelConnection one) {
        return one.equals(fromClient) ? fromBackend : fromClient;
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
            linger(client);
            linger(backend);
            receiver.shutdownOutput();
        } else {
            end();
        }
    }

    /** From now on, however long it has been silent before: a shorter limit would be over at once else. */
    private void linger(EndPoint side) {
        EndPoint socket = side;
        while (socket instanceof EndPoint.Wrapper wrapper) {
            socket = wrapper.unwrap();
        }
        if (socket instanceof IdleTimeout clock) {
            clock.notIdle();
        }
        side.setIdleTimeout(linger.toMillis());
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
            Scheduler.Task beat = nextBeat;
            if (beat != null) {
                beat.cancel();
            }
            closed.complete(null);
        }
    }
}
