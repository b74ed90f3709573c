package marina.webapp;

import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import marina.config.Directories;
import marina.leak.LeakGuard;
import marina.user.UserFiles;
import marina.worker.WarThreads;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server of a JVM that runs one WAR by itself. Runs once, in the thread that calls it. */
final class WarServer {
    private static final Logger LOG = LoggerFactory.getLogger(WarServer.class);

    /** Requests in flight get this long after SIGTERM; the context's stop_timeout cuts it short. */
    private static final Duration DRAIN = Duration.ofSeconds(30);

    /** Marina says how long a client or an answer may be silent. */
    private static final long NO_TIMEOUT = 0;

    private static final int MOST_THREADS = 64;
    private static final int FEWEST_THREADS = 4;

    /** Above the largest limits.header_size, with what Marina adds. */
    private static final int MOST_HEADER_BYTES = 2 * 1024 * 1024;

    private static final int HEADER_BYTES = 16 * 1024;
    private static final int MOST_ANSWER_HEADER_BYTES = 80 * 1024;

    /** The ends of a connection through a Unix socket, for those who know only addresses of IP. */
    private static final InetSocketAddress LOOPBACK = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final WarSettings settings;
    private final Directories directories;
    private final SocketAddress address;
    private final boolean rehearsal;

    /**
     * @param address TCP or a Unix socket
     * @param rehearsal whether it ends by itself after a {@link Rehearsal}
     */
    WarServer(WarSettings settings, Directories directories, SocketAddress address, boolean rehearsal) {
        this.settings = settings;
        this.directories = directories;
        this.address = address;
        this.rehearsal = rehearsal;
    }

    /** Until SIGTERM; the exit status of the process. */
    int run() {
        // Empty until the WAR has started: that needs the threads of a server that runs.
        Handler.Wrapper content = new Handler.Wrapper(true, null);
        Server server = server(content);
        Connector connector = connector(server);
        UserFiles users = new UserFiles(directories);
        WarHost host = new WarHost(
                server,
                new WarHost.Folders(directories.lib(), directories.work(), directories.data()),
                ManagementFactory::getPlatformMBeanServer,
                new LeakGuard(),
                users);
        try {
            server.start();
            HostedWar war = host.start(settings);
            try {
                content.setHandler(war.handler());
                Termination.stop(server);
                // Only now: an open port tells that requests will be answered.
                server.addConnector(connector);
                connector.start();
                LOG.info("Context {} ready: address={}", settings.contextPath(), place());
                if (rehearsal && connector instanceof ServerConnector tcp) {
                    Rehearsal.play(war, tcp.getLocalPort());
                    return 0;
                }
                server.join();
            } finally {
                war.stop();
            }
            return 0;
        } catch (WarFailedException e) {
            System.err.println(e.getMessage());
            return 1;
        } catch (Exception e) {
            System.err.println("Cannot serve " + settings.contextPath() + " on " + place() + ": " + e);
            return 1;
        } finally {
            LifeCycle.stop(server);
            host.close();
            users.close();
        }
    }

    /** The address as operators write it. */
    private String place() {
        return address instanceof InetSocketAddress tcp
                ? tcp.getHostString() + ":" + tcp.getPort()
                : address.toString();
    }

    private static Server server(Handler content) {
        QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, FEWEST_THREADS);
        threads.setName("war");
        threads.setReservedThreads(0);
        WarThreads virtual = new WarThreads(threads, "war-", MOST_THREADS);
        if (virtual.isVirtual()) {
            threads.setVirtualThreadsExecutor(virtual);
        }
        Server server = new Server(threads);
        server.setStopTimeout(DRAIN.toMillis());
        server.setHandler(new GracefulHandler(content));
        return server;
    }

    private Connector connector(Server server) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setHeaderCacheSize(0); // 100 KB for each connection
        // Marina has measured the head already, and takes answers up to this size.
        http.setRequestHeaderSize(MOST_HEADER_BYTES);
        http.setResponseHeaderSize(HEADER_BYTES);
        http.setMaxResponseHeaderSize(MOST_ANSWER_HEADER_BYTES);
        if (address instanceof UnixDomainSocketAddress) {
            http.addCustomizer((request, headers) -> new FromLoopback(request));
            http.setLocalAddress(LOOPBACK);
        }
        WarTargets.prepare(http);
        FromMarina.believe(http);
        if (address instanceof UnixDomainSocketAddress socket) {
            UnixDomainServerConnector connector =
                    new UnixDomainServerConnector(server, 1, 1, new HttpConnectionFactory(http));
            connector.setUnixDomainPath(socket.getPath());
            connector.setIdleTimeout(NO_TIMEOUT);
            return connector;
        }
        InetSocketAddress tcp = (InetSocketAddress) address;
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(tcp.getHostString());
        connector.setPort(tcp.getPort());
        connector.setIdleTimeout(NO_TIMEOUT);
        return connector;
    }

    /** A request through a Unix socket; the customizer of forwarded requests fails when its client has no port. */
    private static final class FromLoopback extends Request.Wrapper {
        private final ConnectionMetaData connection;

        FromLoopback(Request request) {
            super(request);
            connection = new ConnectionMetaData.Wrapper(request.getConnectionMetaData()) {
                @Override
                public SocketAddress getRemoteSocketAddress() {
                    return LOOPBACK;
                }
            };
        }

        @Override
        public ConnectionMetaData getConnectionMetaData() {
            return connection;
        }
    }
}
