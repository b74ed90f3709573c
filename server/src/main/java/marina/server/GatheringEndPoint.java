package marina.server;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ReadPendingException;
import java.nio.channels.Selector;
import java.nio.channels.WritePendingException;
import java.util.concurrent.TimeUnit;
import marina.connection.EventTail;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * A connection of HTTP/2 below its frames. Answers that come together go together: what a selector's thread writes while it handles the
 * sockets that are ready is sent when it has handled all of them, in one TLS record and with one system call in place of one for each
 * answer. Reading does not change threads either, where nothing blocks. Thread-safe.
 */
final class GatheringEndPoint implements EndPoint, EndPoint.Wrapper, ManagedSelector.SelectorUpdate {
    private static final long PATIENCE_MILLIS = 30_000;

    private final EndPoint below;
    private final ManagedSelector selector;
    private final Scheduler scheduler;
    private final Outbox outbox;
    private @Nullable InPlace reader; // one thread at a time reads

    /**
     * One above another.
     *
     * @param selector that of its socket
     * @param connector whose connection it is
     */
    GatheringEndPoint(EndPoint below, ManagedSelector selector, Connector connector) {
        this.below = below;
        this.selector = selector;
        this.scheduler = connector.getScheduler();
        this.outbox = new Outbox(below, connector.getByteBufferPool());
    }

    @Override
    public EndPoint unwrap() {
        return below;
    }

    @Override
    public void write(Callback callback, ByteBuffer... buffers) throws WritePendingException {
        boolean more = EventTail.isHandling();
        switch (outbox.write(more, callback, buffers)) {
            case HELD -> callback.succeeded();
            case FIRST_HELD -> {
                selector.submit(this);
                callback.succeeded();
            }
            case TAKEN -> {}
        }
    }

    /** The selector's thread has handled everything that was ready. */
    @Override
    public void update(Selector unused) {
        outbox.send();
    }

    @Override
    public boolean flush(ByteBuffer... buffers) throws IOException {
        return outbox.isEmpty() && below.flush(buffers);
    }

    @Override
    public @Nullable Callback cancelWrite(Throwable cause) {
        Callback waiting = outbox.cancel();
        return waiting == null ? below.cancelWrite(cause) : waiting;
    }

    @Override
    public void close() {
        close(null);
    }

    /** Without a cause what is held goes first: for its writer it has gone already. A client that does not read cannot put that off for ever. */
    @Override
    public void close(@Nullable Throwable cause) {
        if (cause != null) {
            below.close(cause);
            outbox.discard(cause);
        } else if (!outbox.afterHeld(below::close)) {
            long millis = below.getIdleTimeout();
            scheduler.schedule(below::close, millis > 0 ? millis : PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void shutdownOutput() {
        outbox.afterHeld(below::shutdownOutput);
    }

    @Override
    public void fillInterested(Callback callback) throws ReadPendingException {
        below.fillInterested(inPlace(callback));
    }

    @Override
    public boolean tryFillInterested(Callback callback) {
        return below.tryFillInterested(inPlace(callback));
    }

    private Callback inPlace(Callback callback) {
        InPlace known = reader;
        if (known == null || known.callback != callback) {
            known = new InPlace(callback);
            reader = known;
        }
        return known;
    }

    /** Parses and handles where the socket was found to be readable; what may block is left to other threads by {@link Invocable}. */
    private static final class InPlace implements Callback {
        private final Callback callback;
        private final Runnable event;

        InPlace(Callback callback) {
            this.callback = callback;
            this.event = () -> Invocable.invokeNonBlocking(callback::succeeded);
        }

        @Override
        public void succeeded() {
            EventTail.handle(event);
        }

        @Override
        public void failed(Throwable cause) {
            callback.failed(cause);
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        return below.fill(buffer);
    }

    @Override
    public boolean isFillInterested() {
        return below.isFillInterested();
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return below.getLocalSocketAddress();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return below.getRemoteSocketAddress();
    }

    @Override
    public boolean isOpen() {
        return below.isOpen();
    }

    @Override
    public long getCreatedTimeStamp() {
        return below.getCreatedTimeStamp();
    }

    @Override
    public boolean isOutputShutdown() {
        return below.isOutputShutdown();
    }

    @Override
    public boolean isInputShutdown() {
        return below.isInputShutdown();
    }

    @Override
    public Object getTransport() {
        return below.getTransport();
    }

    @Override
    public long getIdleTimeout() {
        return below.getIdleTimeout();
    }

    @Override
    public void setIdleTimeout(long millis) {
        below.setIdleTimeout(millis);
    }

    @Override
    public Connection getConnection() {
        return below.getConnection();
    }

    @Override
    public void setConnection(Connection connection) {
        below.setConnection(connection);
    }

    @Override
    public void onOpen() {
        below.onOpen();
    }

    @Override
    public void onClose(Throwable cause) {
        below.onClose(cause);
    }

    @Override
    public void upgrade(Connection connection) {
        below.upgrade(connection);
    }

    @Override
    public @Nullable SslSessionData getSslSessionData() {
        return below.getSslSessionData();
    }

    @Override
    public boolean isSecure() {
        return below.isSecure();
    }

    @Override
    public String toString() {
        return "GatheringEndPoint above " + below;
    }
}
