package marina.server;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import marina.acme.AcmeCertificates;
import marina.acme.AcmeStatus;
import marina.acme.Challenges;
import marina.acme.RetryPace;
import marina.config.AcmeConfig;
import marina.config.Directories;
import marina.config.ListenConfig;
import marina.config.ServerConfig;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The addresses that are listened on. Opened and changed by one thread at a time; reading is thread-safe. */
final class Listeners {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);
    private static final Duration LOOK_AT_CERTIFICATES = Duration.ofDays(1);

    private final Server server;
    private final Path base;
    private final Workers workers;
    private final Jmx jmx;
    private final FrontGuard guard;
    private final AcmeCertificates acme;
    private final AdminListeners admin;
    private volatile List<Listener> open = List.of();
    private final Set<Listener> draining = ConcurrentHashMap.newKeySet();

    /**
     * None yet.
     *
     * @param directories of the instance
     * @param challenges what authorities ask for before they give a certificate
     * @param guard sees connections and requests first
     */
    Listeners(
            Server server, Directories directories, Workers workers, Jmx jmx, Challenges challenges, FrontGuard guard) {
        this.server = server;
        this.base = directories.base();
        this.acme = new AcmeCertificates(
                directories.data().resolve("acme"), challenges, RetryPace.USUAL, this::certificateCame);
        this.workers = workers;
        this.jmx = jmx;
        this.guard = guard;
        this.admin = new AdminListeners(server, base, acme, guard, workers);
    }

    /** Binds all addresses; nothing is accepted before the server starts. */
    void open(ServerConfig config) throws StartException {
        admin.open(config.admin().listen());
        for (ListenConfig address : config.listen()) {
            Listener listener = Listener.open(server, address, base, acme, guard);
            server.addConnector(listener.connector());
            add(listener);
        }
        long period = LOOK_AT_CERTIFICATES.toMinutes();
        var unused = workers.scheduler().scheduleAtFixedRate(this::lookAtCertificates, 0, period, TimeUnit.MINUTES);
    }

    /** Begins to order certificates: whoever proves a name must be answered from now on. */
    void serving() {
        List<AcmeConfig> ordered = open.stream()
                .flatMap(listener -> listener.config().tls().acme())
                .toList();
        boolean isPlain = open.stream().anyMatch(listener -> listener.tls().isEmpty() && listener.port() > 0);
        if (!ordered.isEmpty() && !isPlain) {
            LOG.warn(
                    "{}: the authority proves names by asking on port 80, and no listener is without tls; add"
                            + " { port: 80, redirect_to_https: true } to listen, or have something else pass"
                            + " /.well-known/acme-challenge/ on to Marina",
                    String.join(", ", ordered.get(0).domains()));
        }
        acme.keep(ordered);
    }

    /** The addresses where operators are answered. */
    AdminListeners admin() {
        return admin;
    }

    /** How a certificate that Marina orders is doing. */
    AcmeStatus status(AcmeConfig ordered) {
        return acme.status(ordered);
    }

    /** Orders again where the last order has failed. */
    void retry(AcmeConfig ordered) {
        acme.retry(ordered);
    }

    /** All that are open, in the order of writing. */
    List<Listener> all() {
        return open;
    }

    /** The connectors of all that are open, and of those that have closed but still have requests to end. */
    List<AbstractConnector> connectors() {
        return Stream.concat(
                        Stream.concat(open.stream(), draining.stream()).map(Listener::connector), admin.connectors())
                .toList();
    }

    /** The URLs that they answer at, those of ports first. */
    List<URI> urls() {
        return open.stream()
                .sorted(Comparator.comparing(listener -> listener.config().isUnix()))
                .map(Listener::url)
                .toList();
    }

    /** The listener behind a connector. */
    Optional<Listener> of(Connector connector) {
        for (Listener listener : open) {
            if (listener.connector() == connector) {
                return Optional.of(listener);
            }
        }
        return Optional.empty();
    }

    /** The port of the first listener with TLS. */
    Optional<Integer> tlsPort() {
        return open.stream()
                .filter(listener -> listener.tls().isPresent() && listener.port() > 0)
                .map(Listener::port)
                .findFirst();
    }

    /**
     * Goes over to other addresses: new ones are opened before old ones close, what stays is not touched, certificates are
     * read again. Where something goes wrong, the addresses that were to go stay open.
     *
     * @return what went wrong
     */
    List<String> change(ServerConfig next) {
        List<String> problems =
                new ArrayList<>(change(next.listen(), next.drain().timeout()));
        problems.addAll(admin.change(next.admin().listen()));
        return problems;
    }

    /** {@code drain}: how long requests on addresses that go may take. */
    private List<String> change(List<ListenConfig> next, Duration drain) {
        List<Listener> leftOver = new ArrayList<>(open);
        List<String> problems = new ArrayList<>();
        List<ListenConfig> wanted = Listener.keep(leftOver, next, problems);
        for (ListenConfig address : wanted) {
            leftOver.stream()
                    .filter(listener -> listener.config().address().equals(address.address()))
                    .findFirst()
                    .filter(leftOver::remove)
                    .ifPresent(before -> close(before, drain)); // the same address, spoken differently
            openLive(address).ifPresent(problems::add);
        }
        if (problems.isEmpty()) {
            leftOver.forEach(listener -> close(listener, drain));
        }
        serving();
        lookAtCertificates();
        problems.forEach(LOG::error);
        return problems;
    }

    /** Orders no certificates any more. */
    void endOrders() {
        acme.close();
    }

    /** Closes what a server that never started has left open. */
    void close() {
        admin.leave();
        for (Listener listener : open) {
            var unused = listener.connector().shutdown();
        }
    }

    private Optional<String> openLive(ListenConfig address) {
        try {
            Listener listener = Listener.open(server, address, base, acme, guard);
            server.addConnector(listener.connector());
            try {
                listener.connector().start();
            } catch (Exception e) {
                server.removeConnector(listener.connector());
                return Optional.of(address.source() + ": cannot listen on " + address.address() + ": " + e);
            }
            add(listener);
            LOG.info("Listening on {}", listener.url());
            return Optional.empty();
        } catch (StartException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private void add(Listener listener) {
        List<Listener> more = new ArrayList<>(open);
        more.add(listener);
        open = List.copyOf(more);
        jmx.added(new ListenerBean(listener, this));
    }

    /** Refuses connections at once, and ends those that are left after the drain. */
    private void close(Listener listener, Duration drain) {
        URI url = listener.url();
        draining.add(listener);
        open = open.stream().filter(other -> other != listener).toList();
        jmx.removed(listener);
        LOG.info("No longer listening on {}", url);
        var unused = listener.connector().shutdown().thenRunAsync(() -> end(listener), workers.executor());
        IdleConnections.close(listener.connector());
        try {
            var unusedToo = workers.scheduler()
                    .schedule(
                            () -> workers.executor().execute(() -> end(listener)),
                            drain.toMillis(),
                            TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("No timer any more, the server is stopping: {}", e.toString());
        }
    }

    private void end(Listener listener) {
        try {
            listener.connector().stop();
            server.removeConnector(listener.connector());
        } catch (Exception e) {
            LOG.warn("{} did not close cleanly", listener.config().address(), e);
        } finally {
            draining.remove(listener);
        }
    }

    private void certificateCame() {
        open.forEach(Listener::refresh);
    }

    private void lookAtCertificates() {
        Instant now = Instant.now();
        open.forEach(listener -> listener.tls().ifPresent(tls -> tls.lookAtAge(listener.config(), now)));
    }
}
