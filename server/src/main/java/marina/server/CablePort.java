package marina.server;

import java.io.IOException;
import java.util.Map;
import marina.cable.Cable;
import marina.config.CableConfig;
import marina.config.ContextPath;
import marina.config.ServerConfig;
import marina.context.StatusPages;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cable of a server, and the port on loopback that applications broadcast to: whatever listeners there are, with TLS or on
 * Unix sockets, and no proxy leads to it. Changed by one thread at a time; all else is thread-safe.
 */
final class CablePort implements AutoCloseable {
    /** The name of the connector for broadcasts. */
    static final String CONNECTOR = "broadcasts";

    private static final Logger LOG = LoggerFactory.getLogger(CablePort.class);
    private static final int ACCEPTORS = 0; // the selector accepts, too
    private static final int SELECTORS = 1;

    private final Server server;
    private final Cable cable;
    private volatile CableConfig config;
    private volatile String address = "";

    CablePort(Server server, ServerConfig config, Workers workers, StatusPages pages) {
        this.server = server;
        this.config = config.cable();
        WebSocketComponents components = new WebSocketComponents();
        server.addBean(components);
        cable = new Cable(() -> this.config, components, server.getThreadPool(), workers.scheduler(), pages::error);
    }

    Cable cable() {
        return cable;
    }

    /**
     * Goes over to the cable of another configuration, before the contexts do. Opens the port with the first one that has a cable;
     * it stays open then.
     */
    void follow(ServerConfig next) {
        config = next.cable();
        cable.follow();
        if (!config.enabled() || !address.isEmpty()) {
            return;
        }
        ServerConnector connector = new ServerConnector(
                server, null, null, null, ACCEPTORS, SELECTORS, new Http1(Connectors.httpConfiguration()));
        connector.setHost("127.0.0.1");
        connector.setName(CONNECTOR);
        connector.setAcceptQueueSize(Connectors.BACKLOG);
        try {
            connector.open();
            server.addConnector(connector);
            if (server.isRunning()) {
                connector.start();
            }
            address = "http://127.0.0.1:" + connector.getLocalPort();
        } catch (IOException e) {
            LOG.warn("cable: no port on 127.0.0.1 could be opened, so applications cannot broadcast: {}", e.toString());
        } catch (Exception e) {
            LOG.warn("cable: the port for broadcasts did not start, so applications cannot broadcast", e);
        }
    }

    /** What the application of a context finds in its environment. */
    Map<String, String> variables(ContextPath path) {
        return cable.variables(path.value(), address);
    }

    @Override
    public void close() {
        cable.close();
    }
}
