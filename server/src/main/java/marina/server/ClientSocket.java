package marina.server;

import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import marina.connection.LeanSocket;
import marina.worker.ClientEvents;
import marina.worker.Relief;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/** The socket of a client. It tells what selector looks at it, whose thread may serve its requests of web applications. */
final class ClientSocket extends LeanSocket implements ClientEvents.Source {
    private final ManagedSelector selector;
    private final ClientEvents events;

    ClientSocket(
            SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler, Relief relief) {
        super(channel, selector, new PatientKey(key), scheduler);
        this.selector = selector;
        events = new ClientEvents(relief, this);
    }

    @Override
    public ClientEvents events() {
        return events;
    }

    @Override
    public @Nullable Runnable onSelected() {
        return events.prepared(super.onSelected());
    }

    /** That of the socket below some layers of a connection; null for other sockets. */
    static @Nullable ManagedSelector selectorOf(EndPoint top) {
        EndPoint socket = top;
        while (socket instanceof EndPoint.Wrapper layer) {
            socket = layer.unwrap();
        }
        return socket instanceof ClientSocket client ? client.selector : null;
    }
}
