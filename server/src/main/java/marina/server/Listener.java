package marina.server;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import marina.acme.AcmeCertificates;
import marina.config.ListenConfig;
import marina.tls.PemException;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http2.server.AbstractHTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One address that is listened on, with the protocols spoken there. Changed by one thread at a time. */
final class Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

    private final AbstractConnector connector;
    private final Optional<ServerTls> tls;
    private volatile ListenConfig config;

    private Listener(AbstractConnector connector, Optional<ServerTls> tls, ListenConfig config) {
        this.connector = connector;
        this.tls = tls;
        this.config = config;
    }

    /**
     * Binds an address; nothing is accepted before the connector starts.
     *
     * @param base what the path of a Unix socket is relative to
     * @param acme has the certificates that Marina orders itself
     * @param guard sees connections and requests first
     */
    static Listener open(Server server, ListenConfig config, Path base, AcmeCertificates acme, FrontGuard guard)
            throws StartException {
        Optional<ServerTls> tls = config.isTls() ? Optional.of(certificates(config, acme)) : Optional.empty();
        ConnectionFactory[] protocols = protocols(config, tls, guard);
        try {
            AbstractConnector connector = config.isUnix()
                    ? unix(server, config, base, protocols)
                    : Connectors.open(server, config, protocols);
            guard.guard(connector);
            connector.setShutdownIdleTimeout(-1); // see Farewell, which knows who is idle
            connector.setName("http");
            return new Listener(connector, tls, config);
        } catch (IOException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new StartException(
                    config.source() + ": cannot listen on " + display(config) + ": " + cause.getMessage()
                            + "; stop what uses this address or write another one at \"listen\"",
                    e);
        }
    }

    /**
     * Has those go on whose sockets are wanted by other addresses, too.
     *
     * @param open those that are kept are taken out of it
     * @param problems takes what went wrong with certificates
     * @return the addresses that none of them has
     */
    static List<ListenConfig> keep(List<Listener> open, List<ListenConfig> wanted, List<String> problems) {
        List<ListenConfig> others = new ArrayList<>();
        for (ListenConfig address : wanted) {
            Optional<Listener> same = open.stream()
                    .filter(listener -> listener.config().hasSameSocket(address))
                    .findFirst();
            same.ifPresent(open::remove);
            same.flatMap(listener -> listener.change(address)).ifPresent(problems::add);
            if (same.isEmpty()) {
                others.add(address);
            }
        }
        return others;
    }

    AbstractConnector connector() {
        return connector;
    }

    ListenConfig config() {
        return config;
    }

    Optional<ServerTls> tls() {
        return tls;
    }

    /**
     * Takes over what can change while it is open, and reads its certificates again.
     *
     * @return what went wrong; the certificates in use stay then
     */
    Optional<String> change(ListenConfig next) {
        config = next;
        if (tls.isPresent()) {
            try {
                tls.get().load(next);
            } catch (PemException e) {
                return Optional.of(next.source() + ": the certificate of " + next.address()
                        + " stays the one in use, since the one in the files " + e.getMessage());
            }
        }
        return Optional.empty();
    }

    /** Shows the certificates that have come from an authority. */
    void refresh() {
        if (tls.isPresent()) {
            try {
                tls.get().refresh(config);
            } catch (PemException e) {
                LOG.error(
                        "{}: the certificate of {} stays the one in use, since the new one {}",
                        config.source(),
                        config.address(),
                        e.reason());
            }
        }
    }

    /** The port in use, 0 for a Unix socket. */
    int port() {
        return connector instanceof ServerConnector tcp ? tcp.getLocalPort() : 0;
    }

    /** Where it answers: {@code https://localhost:8443}, or {@code unix:run/http.sock}. */
    URI url() {
        if (config.isUnix()) {
            return URI.create("unix:" + config.socket().replace(" ", "%20"));
        }
        String host = config.host();
        boolean any = host.isEmpty() || host.equals("0.0.0.0") || host.equals("::");
        String bracketed = host.contains(":") ? "[" + host + "]" : host;
        return URI.create(
                (tls.isPresent() ? "https" : "http") + "://" + (any ? "localhost" : bracketed) + ":" + port());
    }

    private static ServerTls certificates(ListenConfig config, AcmeCertificates acme) throws StartException {
        ServerTls tls = new ServerTls(acme);
        try {
            tls.load(config);
            return tls;
        } catch (PemException e) {
            throw new StartException(
                    config.source() + ": the certificate of " + config.address() + " " + e.getMessage(), e);
        }
    }

    private static AbstractConnector unix(Server server, ListenConfig config, Path base, ConnectionFactory... protocols)
            throws IOException {
        Path path = base.resolve(config.socket()).normalize();
        UnixListener.makeFree(path);
        UnixListener listener = new UnixListener(server, path, config.mode(), protocols);
        listener.setAcceptQueueSize(Connectors.BACKLOG);
        return listener;
    }

    private static ConnectionFactory[] protocols(ListenConfig config, Optional<ServerTls> tls, FrontGuard guard) {
        List<ConnectionFactory> protocols = new ArrayList<>();
        HttpConfiguration http = Connectors.httpConfiguration(guard);
        if (tls.isPresent()) {
            // No check of Host against SNI: all names get the same contexts here, so there is nothing to mix up.
            http.getCustomizers().add(0, new SecureRequestCustomizer(false));
            Http1 http1 = new Http1(http);
            ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory("h2", "http/1.1");
            alpn.setDefaultProtocol(http1.getProtocol());
            protocols.add(new SslConnectionFactory(tls.get().factory(), alpn.getProtocol()));
            protocols.add(alpn);
            protocols.add(measured(new Http2(http)));
            protocols.add(http1);
        } else {
            protocols.add(new Http1(http));
            protocols.add(measured(new PlainHttp2(http)));
        }
        if (config.proxyProtocol()) {
            protocols.add(0, new ProxyProtocol(protocols.get(0)));
        }
        return protocols.toArray(ConnectionFactory[]::new);
    }

    private static ConnectionFactory measured(AbstractHTTP2ServerConnectionFactory http2) {
        http2.setFlowControlStrategyFactory(SessionWindow::new);
        return http2;
    }

    private static String display(ListenConfig config) {
        return config.isUnix() || !config.host().isEmpty() ? config.address() : "port " + config.port();
    }
}
