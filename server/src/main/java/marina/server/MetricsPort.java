package marina.server;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import marina.config.ListenConfig;
import marina.config.MetricsConfig;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The address where Prometheus reads, if there is one of its own. It is apart from the server that clients see: who reads here is
 * in no log and keeps no machine awake. Changed by one thread at a time.
 */
final class MetricsPort implements AutoCloseable {
    static final String PATH = "/metrics";

    private static final Logger LOG = LoggerFactory.getLogger(MetricsPort.class);
    private static final int ACCEPTORS = 0; // the selector accepts, too
    private static final int SELECTORS = 1;

    private final Server main;
    private final Telemetry telemetry;
    private Optional<ListenConfig> address = Optional.empty();
    private volatile @Nullable Server open;

    /** @param main its threads are used, once it runs */
    MetricsPort(Server main, Telemetry telemetry) {
        this.main = main;
        this.telemetry = telemetry;
    }

    /** Goes over to the address of another configuration; one that cannot be opened is logged, and tried again at a reload. */
    void follow(MetricsConfig next) {
        if (next.listen().equals(address)) {
            return;
        }
        close();
        next.listen().ifPresent(this::open);
    }

    private void open(ListenConfig wanted) {
        Server server = new Server(main.getThreadPool(), main.getScheduler(), main.getByteBufferPool());
        List.of(main.getThreadPool(), main.getScheduler(), main.getByteBufferPool())
                .forEach(server::unmanage); // they go on when this one stops
        ServerConnector connector = new ServerConnector(
                server, null, null, null, ACCEPTORS, SELECTORS, new Http1(Connectors.httpConfiguration()));
        if (!wanted.host().isEmpty()) {
            connector.setHost(wanted.host());
        }
        connector.setPort(wanted.port());
        server.addConnector(connector);
        server.setHandler(new Page(telemetry));
        try {
            server.start();
        } catch (Exception e) {
            LOG.error(
                    "{}: metrics.listen: {} cannot be opened: {}; choose another port",
                    wanted.source(),
                    wanted.address(),
                    e.toString());
            stop(server);
            return;
        }
        open = server;
        address = Optional.of(wanted);
        LOG.info("Metrics at {}", url(server));
    }

    /** Where it listens. */
    Optional<URI> url() {
        return Optional.ofNullable(open).map(MetricsPort::url);
    }

    private static URI url(Server server) {
        ServerConnector connector = (ServerConnector) server.getConnectors()[0];
        String host = connector.getHost() == null ? "localhost" : connector.getHost();
        String bracketed = host.contains(":") ? "[" + host + "]" : host;
        return URI.create("http://" + bracketed + ":" + connector.getLocalPort() + PATH);
    }

    @Override
    public void close() {
        Server last = open;
        open = null;
        address = Optional.empty();
        if (last != null) {
            stop(last);
        }
    }

    private static void stop(Server server) {
        try {
            server.stop();
        } catch (Exception e) {
            LOG.warn("The port for metrics did not close cleanly", e);
        }
    }

    /** Answers there. */
    private static final class Page extends Handler.Abstract {
        private final Telemetry telemetry;

        Page(Telemetry telemetry) {
            this.telemetry = telemetry;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            if (!PATH.equals(request.getHttpURI().getCanonicalPath())) {
                response.setStatus(HttpStatus.NOT_FOUND_404);
                callback.succeeded();
            } else {
                telemetry.answer(request, response, callback);
            }
            return true;
        }
    }
}
