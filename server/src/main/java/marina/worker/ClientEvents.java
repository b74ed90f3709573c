package marina.worker;

import java.io.Closeable;
import java.io.IOException;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * The events of one client's connection. A client that has asked for a web application probably does so again: the next event is a
 * {@link Shift}, so that the thread of the selector may serve it. Thread-safe.
 */
public final class ClientEvents {
    private final Relief relief;
    private final Closeable socket;
    private volatile boolean mayBlock;

    /** A socket that has such events. */
    public interface Source {
        /** Its own. */
        ClientEvents events();
    }

    /**
     * Of a new connection.
     *
     * @param relief relieves the threads that serve
     * @param socket closed when an event cannot be handled any more
     */
    public ClientEvents(Relief relief, Closeable socket) {
        this.relief = relief;
        this.socket = socket;
    }

    /** Those of a request's connection; null for another kind of socket, and where requests share one and would wait for each other. */
    public static @Nullable ClientEvents of(Request request) {
        if (request.getConnectionMetaData().getHttpVersion().compareTo(HttpVersion.HTTP_1_1) > 0) {
            return null;
        }
        EndPoint socket = request.getConnectionMetaData().getConnection().getEndPoint();
        while (socket instanceof EndPoint.Wrapper wrapper) {
            socket = wrapper.unwrap();
        }
        return socket instanceof Source source ? source.events() : null;
    }

    /** The next one may be a request that blocks. */
    public void expectBlocking() {
        mayBlock = true;
    }

    /** What is to be done in place of what the selector has found for this socket. */
    public @Nullable Runnable prepared(@Nullable Runnable found) {
        if (!mayBlock || found == null) {
            return found;
        }
        mayBlock = false;
        // What says itself that it may block is no request, but a WebSocket of an application.
        boolean isRequest = Invocable.getInvocationType(found) == Invocable.InvocationType.NON_BLOCKING;
        return isRequest && relief.isReady() ? new Event(found) : found;
    }

    private final class Event implements Invocable.Task, Closeable {
        private final Runnable found;
        private final Shift shift = new Shift();

        Event(Runnable found) {
            this.found = found;
        }

        @Override
        public void run() {
            shift.handle(found);
        }

        /** Asked right before somebody is looked for who would go on in place of this thread. */
        @Override
        public InvocationType getInvocationType() {
            shift.announce();
            return InvocationType.BLOCKING;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
