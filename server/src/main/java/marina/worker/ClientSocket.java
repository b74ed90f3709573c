package marina.worker;

import java.io.Closeable;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * This end of a client's connection. A client that has asked for a web application probably does so again: its next event is a
 * {@link Shift}, so that the thread of the selector may serve it. Thread-safe.
 */
public final class ClientSocket extends SocketChannelEndPoint {
    private final Relief relief;
    private volatile boolean mayBlock;

    /** As Jetty makes them. */
    public ClientSocket(
            SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler, Relief relief) {
        super(channel, selector, key, scheduler);
        this.relief = relief;
    }

    /** That of a request; null for another kind of socket, and where requests share one and would wait for each other. */
    public static @Nullable ClientSocket of(Request request) {
        if (request.getConnectionMetaData().getHttpVersion().compareTo(HttpVersion.HTTP_1_1) > 0) {
            return null;
        }
        EndPoint socket = request.getConnectionMetaData().getConnection().getEndPoint();
        while (socket instanceof EndPoint.Wrapper wrapper) {
            socket = wrapper.unwrap();
        }
        return socket instanceof ClientSocket client ? client : null;
    }

    /** Its next event may be a request that blocks. */
    public void expectBlocking() {
        mayBlock = true;
    }

    @Override
    public @Nullable Runnable onSelected() {
        Runnable task = super.onSelected();
        if (!mayBlock || task == null) {
            return task;
        }
        mayBlock = false;
        // What says itself that it may block is no request, but a WebSocket of an application.
        boolean isRequest = Invocable.getInvocationType(task) == Invocable.InvocationType.NON_BLOCKING;
        return isRequest && relief.isReady() ? new Event(task) : task;
    }

    private final class Event implements Invocable.Task, Closeable {
        private final Runnable task;
        private final Shift shift = new Shift();

        Event(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            shift.handle(task);
        }

        /** Asked right before somebody is looked for who would go on in place of this thread. */
        @Override
        public InvocationType getInvocationType() {
            shift.announce();
            return InvocationType.BLOCKING;
        }

        @Override
        public void close() {
            ClientSocket.this.close();
        }
    }
}
