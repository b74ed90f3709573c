package marina.server;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.concurrent.Executor;
import marina.config.ListenConfig;
import marina.worker.Relief;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.thread.Scheduler;

/** Makes the connectors of ports and of the control socket. */
final class Connectors {

    /** The name of the connector behind {@code run/marina.sock}. */
    static final String CONTROL = "control";

    /** The name of the connectors of the admin listener. */
    static final String ADMIN = "admin";

    /** Java's default is 50: in a burst of more, clients wait a second until they send their SYN again. */
    static final int BACKLOG = 1024;

    private static final int MAX_HEADER_BYTES = 16 * 1024;

    /** What the forwarder takes from a backend, and what Marina adds; a buffer becomes that large only when it has to. */
    private static final int MAX_ANSWER_HEADER_BYTES = 80 * 1024;

    private static final int MOST_KEPT_BYTES = 128 * 1024;

    /** What {@link marina.proxy.CanonicalPath} looks at more closely than Jetty; everything else Jetty refuses. */
    private static final UriCompliance JUDGED_BY_US = new UriCompliance(
            "MARINA",
            EnumSet.of(
                    Violation.AMBIGUOUS_EMPTY_SEGMENT,
                    Violation.AMBIGUOUS_PATH_SEPARATOR,
                    Violation.AMBIGUOUS_PATH_ENCODING,
                    Violation.ILLEGAL_PATH_CHARACTERS));

    private Connectors() {}

    /** Keeps buffers for the heads of answers too, which HTTP/2 takes at their greatest length. */
    static ByteBufferPool buffers() {
        return new ArrayByteBufferPool(-1, -1, MOST_KEPT_BYTES);
    }

    /** Binds an address; nothing is accepted before the connector starts. */
    static ServerConnector open(Server server, ListenConfig address, ConnectionFactory... protocols)
            throws IOException {
        // Selectors do the whole work of exchanges, not only the looking: one for each processor.
        int selectors = Runtime.getRuntime().availableProcessors();
        Relief relief = server.getBean(Relief.class);
        ServerConnector connector = new ServerConnector(server, -1, selectors, protocols) {
            @Override
            protected SelectorManager newSelectorManager(Executor pool, Scheduler timer, int number) {
                return super.newSelectorManager(relief.over(pool), timer, number);
            }

            @Override
            protected SocketChannelEndPoint newEndPoint(
                    SocketChannel channel, ManagedSelector selector, SelectionKey key) {
                SocketChannelEndPoint endPoint = new ClientSocket(channel, selector, key, getScheduler(), relief);
                endPoint.setIdleTimeout(getIdleTimeout());
                return endPoint;
            }
        };
        if (!address.host().isEmpty()) {
            connector.setHost(address.host());
        }
        connector.setPort(address.port());
        connector.setAcceptQueueSize(BACKLOG);
        connector.open();
        return connector;
    }

    /** The control socket; replaces the socket file that a killed Marina left. Opened when the server starts. */
    static void addControl(Server server, Path socket) throws StartException {
        UnixDomainServerConnector connector = new UnixDomainServerConnector(server, new Http1(httpConfiguration()));
        connector.setUnixDomainPath(socket);
        connector.setName(CONTROL);
        try {
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            throw new StartException("cannot replace the control socket " + socket + ": " + e, e);
        }
        server.addConnector(connector);
    }

    /** Keeps everybody but this user from the control socket. */
    static void guardControl(Path socket) throws StartException {
        try {
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException | UnsupportedOperationException e) {
            throw new StartException("cannot guard the control socket " + socket + ": " + e, e);
        }
    }

    /**
     * What holds for HTTP on every listener.
     *
     * @param guard sees every request first
     */
    static HttpConfiguration httpConfiguration(FrontGuard guard) {
        HttpConfiguration http = httpConfiguration();
        http.setUriCompliance(JUDGED_BY_US);
        guard.guard(http);
        return http;
    }

    /** What holds for HTTP where clients are on this machine. */
    static HttpConfiguration httpConfiguration() {
        HttpConfiguration http = new HttpConfiguration();
        // A bare line feed ends no line: whoever disagrees about that with a backend smuggles requests.
        http.setHttpCompliance(HttpCompliance.STRICT);
        // The cache takes 100 KB for each connection that is kept, and is no faster: it outgrows that of the processor.
        http.setHeaderCacheSize(0);
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
        http.setRequestHeaderSize(MAX_HEADER_BYTES);
        http.setResponseHeaderSize(MAX_HEADER_BYTES);
        http.setMaxResponseHeaderSize(MAX_ANSWER_HEADER_BYTES);
        return http;
    }
}
