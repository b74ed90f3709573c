package marina.simulator.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import marina.simulator.journal.Journal;
import marina.simulator.machine.Fleet;
import marina.simulator.machine.Machine;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The Machines API: a Unix socket for each machine, where it asks for itself without a token, and one TCP address
 * ({@code _api.internal:4280}) for all machines of the world, with any token.
 */
public final class MachinesApi implements AutoCloseable {

    /** The port of {@code _api.internal}. */
    public static final int PORT = 4280;

    private final Server server;

    /**
     * Of a fleet; it does not listen yet.
     *
     * @param address of {@code _api.internal}
     */
    public MachinesApi(Fleet fleet, Journal journal, String address) {
        QueuedThreadPool threads = new QueuedThreadPool(500);
        threads.setName("sim-api");
        threads.setDaemon(true);
        server = new Server(threads);
        Map<String, String> owners = new HashMap<>();
        for (Machine machine : fleet.machines()) {
            Path socket = fleet.apiSocket(machine);
            UnixDomainServerConnector connector = new UnixDomainServerConnector(server, 1, 1, ApiConnection.http());
            connector.setUnixDomainPath(socket);
            connector.setName(machine.id());
            makeFolder(socket);
            owners.put(machine.id(), machine.id());
            server.addConnector(connector);
        }
        ServerConnector tcp = new ServerConnector(server, 1, 1, ApiConnection.http());
        tcp.setHost(address);
        tcp.setPort(PORT);
        tcp.setName("_api");
        server.addConnector(tcp);
        server.setHandler(new ApiHandler(new MachineCalls(fleet), journal, owners));
    }

    private static void makeFolder(Path socket) {
        try {
            Files.createDirectories(socket.toAbsolutePath().getParent());
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("no folder for " + socket, e);
        }
    }

    /** Opens all sockets. */
    public void start() {
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException("the Machines API does not start: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the Machines API does not stop", e);
        }
    }
}
