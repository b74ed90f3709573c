package marina.server;

import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import marina.worker.ClientEvents;
import marina.worker.Relief;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/** The socket of a client, whose requests of web applications the thread of its selector may serve. */
final class WarSocket extends SocketChannelEndPoint implements ClientEvents.Source {
    private final ClientEvents events;

    WarSocket(SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler, Relief relief) {
        super(channel, selector, new PatientKey(key), scheduler);
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
}
