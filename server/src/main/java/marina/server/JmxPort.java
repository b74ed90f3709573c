package marina.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.rmi.NoSuchObjectException;
import java.rmi.registry.LocateRegistry;
import java.rmi.registry.Registry;
import java.rmi.server.ExportException;
import java.rmi.server.RMIClientSocketFactory;
import java.rmi.server.RMIServerSocketFactory;
import java.rmi.server.UnicastRemoteObject;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import javax.management.MBeanServer;
import javax.management.remote.JMXConnectorServer;
import javax.management.remote.JMXServiceURL;
import javax.management.remote.rmi.RMIConnectorServer;
import javax.management.remote.rmi.RMIJRMPServerImpl;
import javax.net.ssl.SSLContext;
import javax.rmi.ssl.SslRMIClientSocketFactory;
import marina.config.CertificateFiles;
import marina.config.JmxConfig;
import marina.tls.PemException;
import marina.tls.ServerCertificate;
import marina.user.UserFiles;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remote JMX: one port for the connector and the registry in which clients find it. Follows reloads; one that cannot be opened is
 * logged, and tried again with the next. Changed by one thread at a time.
 */
final class JmxPort implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JmxPort.class);

    private static final String NAME = "jmxrmi";

    /** What clients are told to connect to; else RMI asks DNS for the name of this machine. */
    private static final String HOST_NAME = "java.rmi.server.hostname";

    /** Who has not shown a password may send nothing but two texts. */
    private static final String TEXTS_ONLY = "java.lang.String;!*";

    private static final int BACKLOG = 50;
    private static final int TRIES = 20;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Supplier<MBeanServer> mbeans;
    private final UserFiles users;
    private @Nullable JmxConfig config;
    private @Nullable Registry registry;
    private @Nullable RMIConnectorServer connector;

    JmxPort(Supplier<MBeanServer> mbeans, UserFiles users) {
        this.mbeans = mbeans;
        this.users = users;
    }

    /** Goes over to another configuration; connections to one that changes end. */
    void follow(JmxConfig next) {
        if (next.equals(config)) {
            return;
        }
        close();
        if (!next.enabled()) {
            config = next;
            return;
        }
        try {
            open(next);
            config = next;
        } catch (IOException | PemException e) {
            LOG.error(
                    "jmx.port: {}:{} cannot be opened: {}; choose another port, and reload",
                    next.host(),
                    next.port(),
                    e instanceof PemException pem ? pem.reason() : e.toString());
            close();
        }
    }

    private void open(JmxConfig next) throws IOException, PemException {
        InetAddress address = InetAddress.getByName(next.host());
        if (!address.isAnyLocalAddress() && System.getProperty(HOST_NAME) == null) {
            System.setProperty(HOST_NAME, next.host());
        }
        boolean encrypted = next.tls().isPresent();
        Sockets sockets = new Sockets(address, encrypted ? context(next.tls().get()) : null);
        RMIClientSocketFactory clients = encrypted ? new SslRMIClientSocketFactory() : null;
        Map<String, Object> environment = new HashMap<>();
        environment.put(RMIConnectorServer.CREDENTIALS_FILTER_PATTERN, TEXTS_ONLY);
        if (next.users().isEmpty()) {
            LOG.warn(
                    "jmx.port: whoever has an account on this machine can connect; write jmx.users to ask for passwords");
        } else {
            environment.put(JMXConnectorServer.AUTHENTICATOR, new JmxLogin(users.of(next.users())));
        }
        registry = registry(next.port(), clients, sockets);
        RMIJRMPServerImpl server = new RMIJRMPServerImpl(next.port(), clients, sockets, environment);
        RMIConnectorServer made =
                new RMIConnectorServer(new JMXServiceURL("service:jmx:rmi://"), environment, server, mbeans.get());
        connector = made;
        made.start();
        registry.rebind(NAME, server.toStub());
        LOG.info("JMX at service:jmx:rmi:///jndi/rmi://{}:{}/{}", next.host(), next.port(), NAME);
    }

    /** A port that has just been closed is free a moment later. */
    private static Registry registry(int port, @Nullable RMIClientSocketFactory clients, RMIServerSocketFactory sockets)
            throws IOException {
        for (int left = TRIES; ; left--) {
            try {
                return LocateRegistry.createRegistry(port, clients, sockets);
            } catch (ExportException e) {
                if (left == 0) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private static SSLContext context(CertificateFiles files) throws PemException {
        return ServerTls.context(ServerCertificate.read(files.certificate(), files.key()));
    }

    @Override
    public void close() {
        config = null;
        RMIConnectorServer last = connector;
        connector = null;
        if (last != null) {
            try {
                last.stop();
            } catch (IOException e) {
                LOG.debug("The JMX connector did not stop cleanly: {}", e.toString());
            }
        }
        Registry names = registry;
        registry = null;
        if (names != null) {
            try {
                UnicastRemoteObject.unexportObject(names, true);
            } catch (NoSuchObjectException e) {
                LOG.debug("The registry was closed already: {}", e.toString());
            }
        }
    }

    /**
     * Listens on one address. The registry and the connector have the same one, and so share the port.
     *
     * @param tls null for plain sockets
     */
    private record Sockets(InetAddress address, @Nullable SSLContext tls) implements RMIServerSocketFactory {
        @Override
        public ServerSocket createServerSocket(int port) throws IOException {
            return tls == null
                    ? new ServerSocket(port, BACKLOG, address)
                    : tls.getServerSocketFactory().createServerSocket(port, BACKLOG, address);
        }
    }
}
