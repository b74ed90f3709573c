package marina.simulator.edge;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import marina.simulator.journal.Journal;
import marina.simulator.machine.Fleet;
import marina.simulator.topology.Topology.App;
import marina.simulator.topology.Topology.Service;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The edge proxy of the whole world: one address for each public service, and one below .flycast. */
public final class Edge implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Edge.class);
    private static final int MOST_THREADS = 1_000;
    private static final long IDLE_MILLIS = 600_000;

    private final Server server;
    private final Map<String, ServerConnector> connectors = new LinkedHashMap<>();

    /** Of a fleet; it does not listen yet. */
    public Edge(Fleet fleet, Journal journal) {
        QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS);
        threads.setName("sim-edge");
        threads.setDaemon(true);
        server = new Server(threads);
        Map<String, Entrance> entrances = new LinkedHashMap<>();
        for (Entrance entrance : entrances(fleet)) {
            entrances.put(entrance.name(), entrance);
            connectors.put(entrance.name(), connector(entrance));
        }
        EdgeServices services = new EdgeServices(fleet, journal, new Reach(fleet), new ReplayCache());
        server.setHandler(new EdgeHandler(services, entrances));
    }

    private static List<Entrance> entrances(Fleet fleet) {
        List<Entrance> found = new ArrayList<>();
        for (App app : fleet.topology().apps()) {
            for (Service service : app.services()) {
                service.listen().ifPresent(at -> found.add(new Entrance(app, service, false, at.host(), at.port())));
                found.add(new Entrance(app, service, true, fleet.flycast(app), service.port()));
            }
        }
        return found;
    }

    private ServerConnector connector(Entrance entrance) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(false);
        http.setRequestHeaderSize(64 * 1024);
        http.setResponseHeaderSize(64 * 1024);
        http.setUriCompliance(org.eclipse.jetty.http.UriCompliance.UNSAFE);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setName(entrance.name());
        connector.setHost(entrance.host());
        connector.setPort(entrance.port());
        connector.setIdleTimeout(IDLE_MILLIS);
        return connector;
    }

    /**
     * Opens all addresses. One of Flycast that may not be opened, such as a low port, is left out with a warning.
     *
     * @throws IllegalStateException when a public one is taken
     */
    public void start() {
        connectors.forEach((name, connector) -> {
            try {
                connector.open();
                server.addConnector(connector);
            } catch (java.io.IOException e) {
                String address = connector.getHost() + ":" + connector.getPort();
                if (!name.endsWith(":flycast")) {
                    throw new IllegalStateException(
                            "the edge cannot listen on " + address + " (" + e.getMessage() + "); choose another port",
                            e);
                }
                LOG.warn("No Flycast on {}: {}", address, e.toString());
            }
        });
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException("the edge does not start", e);
        }
    }

    /** The port at which an app's public service is reached from here; empty when it has none. */
    public Optional<Integer> port(App app, Service service) {
        ServerConnector connector = connectors.get(new Entrance(app, service, false, "", 0).name());
        return connector == null || !connector.isOpen() ? Optional.empty() : Optional.of(connector.getLocalPort());
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the edge does not stop", e);
        }
    }
}
