package marina.server;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import marina.config.ServerConfig;
import marina.config.TrafficLimits;
import marina.machine.Activity;
import marina.tracing.Tracing;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.NanoTime;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stands before all handlers: who is believed, how many connections and requests a client may have, how slow it may be,
 * and whether it is still there. Follows reloads. Owned by the {@link Assembly}; thread-safe.
 */
final class FrontGuard {
    private static final Logger LOG = LoggerFactory.getLogger(FrontGuard.class);
    private static final long SWEEP_MILLIS = 1_000;

    private final Supplier<ServerConfig> config;
    private final ServerHeads heads;
    private final FrontDoor door;
    private final ConnectionLimit connections;
    private final SlowHeads slowHeads;
    private final DepartedClients departed = new DepartedClients(Hangups.ofSystem());
    private final Pauses pauses = new Pauses(NanoTime::now, Duration.ofMillis(2 * SWEEP_MILLIS));
    private final Activity activity = new Activity();
    private final RequestRates rates = new RequestRates(System::nanoTime);

    /** @param tracing makes requests part of traces; gives null when nobody does */
    FrontGuard(Supplier<ServerConfig> config, Supplier<@Nullable Tracing> tracing) {
        this.config = config;
        heads = new ServerHeads(() -> config.get().access().delivery().headers());
        door = new FrontDoor(() -> config.get().trustedProxies(), heads, activity, tracing);
        connections = new ConnectionLimit(() -> limits().connections(), door::trust);
        slowHeads = new SlowHeads(() -> limits().headerTimeout());
    }

    /** The limits that are in effect now. */
    TrafficLimits limits() {
        return config.get().limits().traffic();
    }

    /** Has the answer to a request changed as the operator wants it; a second time is nothing. */
    void changeHeads(Request request) {
        heads.begin(request);
    }

    /** The time in which this JVM stood still. */
    Pauses pauses() {
        return pauses;
    }

    /** When the machine was used last, by what has passed here. */
    Activity activity() {
        return activity;
    }

    RequestRates rates() {
        return rates;
    }

    /** Makes each request pass here first. */
    void guard(HttpConfiguration http) {
        http.addCustomizer(door);
        http.setRequestHeaderSize(limits().headerSize());
    }

    /** Limits the connections of a connector. */
    void guard(AbstractConnector connector) {
        connector.addBean(connections);
        connector.setIdleTimeout(limits().keepAlive().toMillis());
    }

    /** Looks at the connections once a second, as long as the scheduler runs. */
    void watch(Supplier<List<AbstractConnector>> connectors, ScheduledExecutorService scheduler) {
        List<Runnable> looks = List.of(
                pauses::tick,
                () -> slowHeads.sweep(connectors.get()),
                () -> departed.sweep(connectors.get()),
                rates::sweep);
        var unused = scheduler.scheduleWithFixedDelay(
                () -> looks.forEach(FrontGuard::look), SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** An error, too, is an error of this look only: the others go on, and so does the next second. */
    private static void look(Runnable look) {
        try {
            look.run();
        } catch (RuntimeException | Error e) {
            LOG.warn("Connections could not be looked at; next try in {} ms", SWEEP_MILLIS, e);
        }
    }
}
