package marina.simulator.control;

import marina.simulator.dns.DnsServer;
import marina.simulator.edge.Edge;
import marina.simulator.journal.Journal;
import marina.simulator.machine.Fleet;
import marina.simulator.topology.Topology.Endpoint;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The page and its REST API, on loopback. Whoever reaches it may do everything with the machines, and nothing else. */
public final class Control implements AutoCloseable {

    private final Server server;
    private final ServerConnector connector;

    /** Of a world; it does not listen yet. */
    public Control(Endpoint at, Fleet fleet, Edge edge, DnsServer dns, Journal journal) {
        QueuedThreadPool threads = new QueuedThreadPool(50);
        threads.setName("sim-control");
        threads.setDaemon(true);
        server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(at.host());
        connector.setPort(at.port());
        server.addConnector(connector);
        StateReport report = new StateReport(fleet, edge, dns);
        server.setHandler(new ControlHandler(report, new Commands(fleet, dns), journal));
    }

    /** Opens it. */
    public void start() {
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException(
                    "the control address " + connector.getHost() + ":" + connector.getPort() + " cannot be used: "
                            + e.getMessage(),
                    e);
        }
    }

    /** The port at which it listens. */
    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("control does not stop", e);
        }
    }
}
