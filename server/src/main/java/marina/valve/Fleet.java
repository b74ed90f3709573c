package marina.valve;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import marina.config.ContextConfig;
import marina.config.FleetConfig;
import marina.config.ListenConfig;
import marina.config.ServerConfig;
import marina.fleet.DnsServers;
import marina.fleet.FleetDns;
import marina.fleet.FlyDirectory;
import marina.fleet.Here;
import marina.fleet.PeerDirectory;
import marina.fleet.Place;
import marina.fleet.Placement;
import marina.fleet.Placements;
import marina.fleet.TargetState;
import marina.fleet.TargetStates;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This machine among the others: who it is, what DNS has told it, what it has decided. One for the life of a server. Thread-safe. */
public final class Fleet {
    private static final Logger LOG = LoggerFactory.getLogger(Fleet.class);
    private static final int USUAL_PORT = 8080;
    private static final int MOST_ASKED_AHEAD = 20;

    private final Here here;
    private final FleetAnswers answers;
    private final ErrorPage pages;
    private final Executor executor;
    private final ScheduledExecutorService scheduler;
    private final FleetCounters counters = new FleetCounters();
    private volatile @Nullable Memory memory;
    private volatile @Nullable TargetStates states;
    private volatile FleetConfig.Platform platform = FleetConfig.Platform.NONE;

    /**
     * A machine.
     *
     * @param environment says who it is
     * @param executor asks DNS
     * @param scheduler keeps its deadlines
     */
    public Fleet(
            Map<String, String> environment,
            FleetAnswers answers,
            ErrorPage pages,
            Executor executor,
            ScheduledExecutorService scheduler) {
        this.here = Here.of(environment);
        this.answers = answers;
        this.pages = pages;
        this.executor = executor;
        this.scheduler = scheduler;
    }

    /** Who this machine is. */
    public Here here() {
        return here;
    }

    /** What is in effect: fly, dns or none. */
    public FleetConfig.Platform platform() {
        return platform;
    }

    /** What has been decided. */
    public FleetCounters counters() {
        return counters;
    }

    /** What is known of DNS; null when nobody asks it. */
    public @Nullable FleetDns dns() {
        Memory known = memory;
        return known == null ? null : known.dns;
    }

    /** Forgets what DNS has said: this machine has slept. */
    public void dropDns() {
        FleetDns dns = dns();
        if (dns != null) {
            dns.drop();
        }
    }

    /** Whether a context lives here; always so on a machine that is alone. */
    public boolean isMine(ContextConfig context) {
        return platform == FleetConfig.Platform.NONE
                || Placement.of(context.placement()).isMine(here, false);
    }

    /**
     * What DNS says of where a context lives, as a request for it would be told.
     *
     * @return completes within 50 ms, and never exceptionally; empty for a context that lives everywhere, and on a machine that is
     *     alone
     */
    public CompletableFuture<Optional<TargetState>> stateOf(ContextConfig context) {
        TargetStates known = states;
        Placement placement = Placement.of(context.placement());
        return known == null || placement.isAnywhere()
                ? CompletableFuture.completedFuture(Optional.empty())
                : known.look(placement.places(false)).thenApply(sighting -> Optional.of(sighting.state()));
    }

    /** What decides for the requests of a configuration; null when all of them are answered here. */
    public @Nullable ReplayValve valve(ServerConfig config) {
        Placements placements = new Placements(config);
        FleetConfig fleet = config.fleet();
        platform = platformOf(fleet);
        report(placements);
        if (placements.isEmpty() || platform == FleetConfig.Platform.NONE) {
            states = null;
            return null;
        }
        boolean onFly = platform == FleetConfig.Platform.FLY;
        FleetDns dns = dns(fleet, onFly);
        TargetStates current = new TargetStates(
                onFly ? new FlyDirectory(dns, here) : new PeerDirectory(dns, fleet.peers()),
                scheduler,
                fleet.coldStart());
        states = current;
        // So that the first requests need not wait. Places of one app are one question.
        for (Place place : placements.places().stream().limit(MOST_ASKED_AHEAD).toList()) {
            var unused = current.look(List.of(place));
        }
        PlaceForwarding forwarding =
                new PlaceForwarding(new PlaceForwarding.Ways(onFly, fleet, port(config)), current, here, answers);
        return new ReplayValve(
                new ReplayValve.Setting(here, onFly, fleet, config.basePath(), placements),
                current,
                forwarding,
                answers,
                pages,
                counters);
    }

    private FleetConfig.Platform platformOf(FleetConfig fleet) {
        if (fleet.platform() != FleetConfig.Platform.AUTO) {
            return fleet.platform();
        }
        return here.app().isEmpty() ? FleetConfig.Platform.NONE : FleetConfig.Platform.FLY;
    }

    /** What has been learned is kept over a reload that asks the same server. */
    private FleetDns dns(FleetConfig fleet, boolean onFly) {
        Memory known = memory;
        if (known == null
                || known.onFly != onFly
                || !known.server.equals(fleet.dnsServer())
                || !known.timeout.equals(fleet.dnsTimeout())) {
            FleetDns dns = DnsServers.memory(fleet.dnsServer(), onFly, fleet.dnsTimeout(), executor, scheduler);
            known = new Memory(dns, onFly, fleet.dnsServer(), fleet.dnsTimeout());
            memory = known;
        }
        return known.dns;
    }

    private void report(Placements placements) {
        if (placements.isEmpty()) {
            return;
        }
        if (platform == FleetConfig.Platform.NONE) {
            LOG.info(
                    "Fleet: this machine is alone (FLY_APP_NAME is not set), so what lives elsewhere ({} contexts with a"
                            + " place) is answered here",
                    placements.placed());
        } else {
            LOG.info(
                    "Fleet: {}; of {} contexts with a place {} live elsewhere; placements {}",
                    here,
                    placements.placed(),
                    placements.elsewhere(here),
                    placements.version());
        }
    }

    private static int port(ServerConfig config) {
        if (config.fleet().port() != 0) {
            return config.fleet().port();
        }
        return config.listen().stream()
                .filter(listener -> !listener.isUnix() && !listener.isTls() && listener.port() != 0)
                .map(ListenConfig::port)
                .findFirst()
                .orElse(USUAL_PORT);
    }

    private record Memory(FleetDns dns, boolean onFly, String server, Duration timeout) {}
}
