package marina.simulator.edge;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import marina.simulator.machine.Machine;
import marina.simulator.topology.Topology.App;
import org.jspecify.annotations.Nullable;

/**
 * Which machines may get a request, and why.
 *
 * @param port the public port that the target's service must have
 * @param regions codes and aliases in order of preference; empty: all are alike
 * @param forced whether machines in no region of the list are out
 * @param excluded machines that are out
 * @param issuer the machine whose replay this is; null for the first hop and for a cached replay
 */
record Route(
        Kind kind,
        App app,
        int port,
        List<String> regions,
        boolean forced,
        Optional<String> instance,
        Optional<String> preferInstance,
        Set<String> excluded,
        Optional<Duration> timeout,
        Fallback fallback,
        Optional<String> state,
        @Nullable Machine issuer) {

    Route {
        regions = List.copyOf(regions);
        excluded = Set.copyOf(excluded);
    }

    /** How the request has come to this route. */
    enum Kind {
        /** From the client. */
        FIRST,
        /** By a machine's answer. */
        REPLAY,
        /** By a replay that the edge remembers. */
        CACHED,
        /** Back, because the replay has reached nobody. */
        FALLBACK
    }

    /** Where a replay leads. */
    static Route of(Replay replay, Kind kind, App app, int port, @Nullable Machine issuer) {
        boolean any = replay.regions().contains("any");
        return new Route(
                kind,
                app,
                port,
                replay.regions(),
                !any && !replay.regions().isEmpty(),
                replay.instance(),
                replay.preferInstance(),
                replay.elsewhere() && issuer != null ? Set.of(issuer.id()) : Set.of(),
                replay.timeout(),
                replay.fallback(),
                replay.state(),
                issuer);
    }

    /** Where it goes when nobody was reached. */
    Route back(Machine to) {
        Optional<String> forcedTo = fallback == Fallback.FORCE_SELF ? Optional.of(to.id()) : Optional.empty();
        return new Route(
                Kind.FALLBACK,
                to.app(),
                port,
                List.of(),
                false,
                forcedTo,
                Optional.empty(),
                Set.of(),
                Optional.empty(),
                Fallback.NONE,
                Optional.empty(),
                to);
    }
}
