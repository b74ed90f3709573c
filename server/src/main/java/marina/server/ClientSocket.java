package marina.server;

import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import marina.connection.LeanSocket;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/** The socket of a client, which tells what selector looks at it. */
final class ClientSocket extends LeanSocket {
    private final ManagedSelector selector;

    ClientSocket(SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
        super(channel, selector, new PatientKey(key), scheduler);
        this.selector = selector;
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
