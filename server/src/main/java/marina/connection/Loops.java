package marina.connection;

import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Request;

/** Finds the selector of a client. Thread-safe. */
final class Loops {
    private final Map<Connector, Loop[]> loops = new ConcurrentHashMap<>();

    /**
     * That of a client's connection.
     *
     * @throws IllegalStateException when its connector has no selector that runs
     */
    Loop of(Request client) {
        Connector connector = client.getConnectionMetaData().getConnector();
        Loop[] known = loops.get(connector);
        if (known == null || !known[0].selector().isRunning()) {
            known = find(connector);
        }
        return known.length == 1 ? known[0] : ofSocket(known, client);
    }

    private synchronized Loop[] find(Connector connector) {
        Loop[] known = loops.get(connector);
        if (known != null && known[0].selector().isRunning()) {
            return known; // found meanwhile
        }
        loops.keySet().removeIf(Connector::isStopped);
        SelectorManager manager = connector.getBean(SelectorManager.class);
        if (manager == null || manager.getBeans(ManagedSelector.class).isEmpty()) {
            throw new IllegalStateException(connector + " has no selectors");
        }
        Loop[] found =
                manager.getBeans(ManagedSelector.class).stream().map(Loop::new).toArray(Loop[]::new);
        loops.put(connector, found);
        return found;
    }

    private static Loop ofSocket(Loop[] candidates, Request client) {
        EndPoint socket = client.getConnectionMetaData().getConnection().getEndPoint();
        while (socket instanceof EndPoint.Wrapper wrapper) {
            socket = wrapper.unwrap();
        }
        if (socket.getTransport() instanceof SocketChannel channel) {
            for (Loop candidate : candidates) {
                if (channel.keyFor(candidate.selector().getSelector()) != null) {
                    return candidate;
                }
            }
        }
        return candidates[0];
    }

    List<Loop> all() {
        return loops.values().stream().flatMap(Arrays::stream).toList();
    }
}
