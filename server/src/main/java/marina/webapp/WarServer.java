package marina.webapp;

import java.time.Duration;
import marina.config.Directories;
import org.eclipse.jetty.server.ForwardedRequestCustomizer;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server of a JVM that runs one WAR by itself. Runs once, in the thread that calls it. */
final class WarServer {
    private static final Logger LOG = LoggerFactory.getLogger(WarServer.class);

    /** Requests in flight get this long after SIGTERM; the context's stop_timeout cuts it short. */
    private static final Duration DRAIN = Duration.ofSeconds(30);

    private static final int MOST_THREADS = 64;
    private static final int FEWEST_THREADS = 4;

    private final WarSettings settings;
    private final Directories directories;
    private final int port;

    WarServer(WarSettings settings, Directories directories, int port) {
        this.settings = settings;
        this.directories = directories;
        this.port = port;
    }

    /** Until SIGTERM; the exit status of the process. */
    int run() {
        // Empty until the WAR has started: that needs the threads of a server that runs.
        Handler.Wrapper content = new Handler.Wrapper(true, null);
        Server server = server(content);
        ServerConnector connector = connector(server);
        WarHost host = new WarHost(server, directories.lib(), directories.work());
        try {
            server.start();
            HostedWar war = host.start(settings);
            try {
                content.setHandler(war.handler());
                Termination.stop(server);
                // Only now: an open port tells that requests will be answered.
                server.addConnector(connector);
                connector.start();
                LOG.info("Context {} ready: port={}", settings.contextPath(), connector.getLocalPort());
                server.join();
            } finally {
                war.stop();
            }
            return 0;
        } catch (WarFailedException e) {
            System.err.println(e.getMessage());
            return 1;
        } catch (Exception e) {
            System.err.println("Cannot serve " + settings.contextPath() + " on port " + port + ": " + e);
            return 1;
        } finally {
            LifeCycle.stop(server);
            host.close();
        }
    }

    private static Server server(Handler content) {
        QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, FEWEST_THREADS);
        threads.setName("war");
        threads.setReservedThreads(0);
        Server server = new Server(threads);
        server.setStopTimeout(DRAIN.toMillis());
        server.setHandler(new GracefulHandler(content));
        return server;
    }

    private ServerConnector connector(Server server) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        // Only Marina on this machine can connect, and it sets these headers itself.
        WarTargets.prepare(http);
        http.addCustomizer(new ForwardedRequestCustomizer());
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        return connector;
    }
}
