package marina.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import marina.user.Clients;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.util.IO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many connections one address may have open at once; further ones are closed before anything is read. Trusted proxies
 * are exempt, since they speak for many. Remembers open connections only. Thread-safe.
 */
final class ConnectionLimit implements SelectorManager.AcceptListener {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionLimit.class);

    private final IntSupplier most;
    private final Supplier<ForwardingTrust> trust;
    private final Map<SelectableChannel, Long> open = new ConcurrentHashMap<>();
    private final Map<Long, Integer> counts = new ConcurrentHashMap<>();

    /**
     * A limit for all connectors that it is a bean of.
     *
     * @param most connections of one address; 0 means any number. Asked for each connection
     */
    ConnectionLimit(IntSupplier most, Supplier<ForwardingTrust> trust) {
        this.most = most;
        this.trust = trust;
    }

    @Override
    public void onAccepting(SelectableChannel channel) {
        int limit = most.getAsInt();
        if (limit == 0
                || !(channel instanceof SocketChannel socket)
                || !(peer(socket) instanceof InetSocketAddress peer)) {
            return;
        }
        if (trust.get().contains(peer.getAddress())) {
            return;
        }
        long client = Clients.key(peer.getAddress());
        if (counts.merge(client, 1, Integer::sum) > limit) {
            forget(client);
            LOG.debug("Closed a connection of {}, which has {} open", peer.getAddress(), limit);
            IO.close(channel);
        } else {
            open.put(channel, client);
        }
    }

    @Override
    public void onAcceptFailed(SelectableChannel channel, Throwable cause) {
        onClosed(channel);
    }

    @Override
    public void onClosed(SelectableChannel channel) {
        Long client = open.remove(channel);
        if (client != null) {
            forget(client);
        }
    }

    private void forget(long client) {
        counts.computeIfPresent(client, (key, count) -> count == 1 ? null : count - 1);
    }

    private static Object peer(SocketChannel socket) {
        try {
            return socket.getRemoteAddress();
        } catch (IOException e) {
            return e; // closed meanwhile
        }
    }
}
