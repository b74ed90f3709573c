package marina.server;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import marina.acme.AcmeCertificates;
import marina.config.AdminConfig;
import marina.config.ListenConfig;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Server;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The addresses of the admin listener. The usual one may be taken by another Marina on this machine, which is no reason not to
 * start; any other must be free. Opened and changed by one thread at a time; reading is thread-safe.
 */
final class AdminListeners {
    private static final Logger LOG = LoggerFactory.getLogger(AdminListeners.class);

    private final Server server;
    private final Path base;
    private final AcmeCertificates acme;
    private final FrontGuard guard;
    private final Workers workers;
    private volatile List<Listener> open = List.of();

    /**
     * None yet.
     *
     * @param acme for listeners alike; no certificate is ordered for these
     * @param guard sees connections and requests first
     */
    AdminListeners(Server server, Path base, AcmeCertificates acme, FrontGuard guard, Workers workers) {
        this.server = server;
        this.base = base;
        this.acme = acme;
        this.guard = guard;
        this.workers = workers;
    }

    /** Binds all addresses; nothing is accepted before the server starts. */
    void open(List<ListenConfig> addresses) throws StartException {
        for (ListenConfig address : addresses) {
            try {
                add(bind(address));
            } catch (StartException e) {
                if (!isUsual(address)) {
                    throw e;
                }
                LOG.warn(
                        "The console is not at {}, which is in use; free it, or write another address at admin.listen"
                                + " (\"admin: {{ listen: [] }}\" for none)",
                        address.address());
            }
        }
    }

    /** The connectors of all that are open. */
    Stream<AbstractConnector> connectors() {
        return open.stream().map(Listener::connector);
    }

    /** The URLs that they answer at. */
    List<URI> urls() {
        return open.stream().map(Listener::url).toList();
    }

    /**
     * Goes over to other addresses: what stays is not touched, but for its certificates.
     *
     * @return what went wrong
     */
    List<String> change(List<ListenConfig> next) {
        List<Listener> leftOver = new ArrayList<>(open);
        List<String> problems = new ArrayList<>();
        List<ListenConfig> wanted = Listener.keep(leftOver, next, problems);
        leftOver.forEach(this::close); // one may have the address of another that is wanted
        wanted.forEach(address -> openLive(address).ifPresent(problems::add));
        problems.forEach(LOG::error);
        return problems;
    }

    /** Closes connections that are silent, and refuses new ones. */
    void leave() {
        open.forEach(listener -> {
            var unused = listener.connector().shutdown();
            IdleConnections.close(listener.connector());
        });
    }

    private Listener bind(ListenConfig address) throws StartException {
        Listener listener = Listener.open(server, address, base, acme, guard);
        listener.connector().setName(Connectors.ADMIN);
        server.addConnector(listener.connector());
        return listener;
    }

    private Optional<String> openLive(ListenConfig address) {
        try {
            Listener listener = bind(address);
            try {
                listener.connector().start();
            } catch (Exception e) {
                server.removeConnector(listener.connector());
                return Optional.of(address.source() + ": cannot listen on " + address.address() + ": " + e);
            }
            add(listener);
            LOG.info("Console at {}", listener.url());
            return Optional.empty();
        } catch (StartException e) {
            if (isUsual(address)) {
                LOG.warn("The console is not at {}, which is in use", address.address());
                return Optional.empty();
            }
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private void add(Listener listener) {
        List<Listener> more = new ArrayList<>(open);
        more.add(listener);
        open = List.copyOf(more);
    }

    /** The one who has asked for this may be waiting for the answer at this very address. */
    private void close(Listener listener) {
        open = open.stream().filter(other -> other != listener).toList();
        LOG.info("No console at {} any more", listener.url());
        var unused = listener.connector().shutdown();
        IdleConnections.close(listener.connector());
        var unusedToo = workers.scheduler()
                .schedule(
                        () -> workers.executor().execute(() -> end(listener)),
                        Duration.ofSeconds(2).toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    private void end(Listener listener) {
        try {
            listener.connector().stop();
            server.removeConnector(listener.connector());
        } catch (Exception e) {
            LOG.warn("{} did not close cleanly", listener.config().address(), e);
        }
    }

    private static boolean isUsual(ListenConfig address) {
        return address.address().equals(AdminConfig.DEFAULT_ADDRESS);
    }
}
