package marina.fleet;

import java.util.Optional;
import marina.config.FleetConfig;

/**
 * Which way a request goes. Pure: everything that matters is in the arguments.
 *
 * @param kind what is done
 * @param sighting where it should go, and what is known of that place; of a request that stays, the place is empty
 */
public record ReplayDecision(Kind kind, Sighting sighting) {
    /** A request that has been sent on this often is not sent on again. */
    public static final int MOST_HOPS = 2;

    private static final Sighting HERE = new Sighting(new Place("", "", ""), TargetState.LIVE);

    /** What is done with a request. */
    public enum Kind {
        /** It is answered here. */
        SERVE,
        /** Fly's proxy is asked to bring it to its place. */
        REPLAY,
        /** It is forwarded to a machine of its place. */
        PROXY,
        /** It is forwarded through Flycast, which wakes the machine. */
        WAKE,
        /** The client is sent there. */
        REDIRECT,
        /** It has come back, because nobody was reached there: the maintenance page. */
        FAILED,
        /** Machines send it to one another: they do not agree where it belongs. */
        LOOP,
        /** Its place does not exist. */
        ABSENT,
        /** What it says of its way is not signed as it should be. */
        REFUSED
    }

    /**
     * What a request brings along.
     *
     * @param changes whether it may change data: its method is neither GET nor HEAD
     * @param failed whether Fly's proxy has brought it back
     * @param way what it says of its way; empty when that is not signed as it should be
     */
    public record Arrival(boolean changes, boolean failed, Optional<HopState> way) {}

    /**
     * What can be done with a request.
     *
     * @param onFly whether Fly's proxy is there
     * @param transport what the operator wants
     * @param tooLarge whether its body is too large to be replayed, or may be
     * @param upgrade whether it asks for a WebSocket, which no client follows a redirect for
     */
    public record Means(boolean onFly, FleetConfig.Transport transport, boolean tooLarge, boolean upgrade) {}

    /** What can be decided before anybody asks DNS; empty when the state of the place matters. */
    public static Optional<ReplayDecision> atOnce(Placement placement, Here here, Arrival arrival) {
        if (arrival.way().isEmpty()) {
            return Optional.of(new ReplayDecision(Kind.REFUSED, HERE));
        }
        if (placement.isMine(here, arrival.changes())) {
            return Optional.of(new ReplayDecision(Kind.SERVE, HERE));
        }
        Sighting first = new Sighting(placement.places(arrival.changes()).get(0), TargetState.UNKNOWN);
        if (arrival.failed()) {
            return Optional.of(new ReplayDecision(Kind.FAILED, first));
        }
        return arrival.way().get().hops() >= MOST_HOPS
                ? Optional.of(new ReplayDecision(Kind.LOOP, first))
                : Optional.empty();
    }

    /** What is done with a request whose place has been looked at. */
    public static ReplayDecision of(Sighting sighting, Here here, HopState way, Means means) {
        if (sighting.place().covers(here)) {
            return new ReplayDecision(Kind.SERVE, sighting); // it stands in for a machine that is absent
        }
        if (sighting.state() == TargetState.ABSENT) {
            return new ReplayDecision(Kind.ABSENT, sighting);
        }
        if (way.isSentOn() && cameFrom(sighting.place(), here, way.sender())) {
            return new ReplayDecision(Kind.LOOP, sighting);
        }
        return new ReplayDecision(kind(sighting.state(), means), sighting);
    }

    private static Kind kind(TargetState state, Means means) {
        if (means.transport() == FleetConfig.Transport.REDIRECT && !means.upgrade()) {
            return Kind.REDIRECT;
        }
        if (!means.onFly()) {
            return Kind.PROXY;
        }
        if (means.transport() == FleetConfig.Transport.REPLAY && !means.tooLarge()) {
            return Kind.REPLAY;
        }
        return state == TargetState.LIVE ? Kind.PROXY : Kind.WAKE;
    }

    /** Whoever has sent it here would get it back. A sender that does not tell its app is taken for one of this app. */
    private static boolean cameFrom(Place place, Here here, Here sender) {
        Here known = sender.app().isEmpty() ? new Here(here.app(), sender.region(), sender.machine()) : sender;
        return new Place(place.appFrom(here), place.region(), place.machine()).covers(known);
    }
}
