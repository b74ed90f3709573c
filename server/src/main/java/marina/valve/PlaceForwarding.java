package marina.valve;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import marina.config.FleetConfig;
import marina.fleet.Here;
import marina.fleet.PeerDirectory;
import marina.fleet.Place;
import marina.fleet.ReplayDecision;
import marina.fleet.TargetStates;
import marina.proxy.FieldRules;
import marina.proxy.ForwardPolicy;
import marina.proxy.NamedFiles;
import marina.proxy.TargetTimeouts;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Brings requests to a machine of their place without Fly's proxy: their bodies are streamed, WebSockets pass. Addresses are asked
 * for by name each time, since they change. Thread-safe; blocks nobody.
 */
final class PlaceForwarding {
    /** Tells the next machine of the way of a request. */
    static final String FIELD = "Marina-Hop";

    /** As long as the forwarder waits for anybody's answer. */
    private static final Duration USUAL_ANSWER = Duration.ofMinutes(2);

    private final Ways ways;
    private final TargetStates states;
    private final Here here;
    private final FleetAnswers answers;

    /**
     * How machines are reached.
     *
     * @param port of other machines on Fly
     */
    record Ways(boolean onFly, FleetConfig fleet, int port) {}

    /**
     * What is forwarded where.
     *
     * @param decision to proxy, or to wake
     * @param others which places will do when nobody is reached at that of the decision, in order
     * @param hop what the next machine is told of the way
     */
    record Trip(ReplayDecision decision, List<Place> others, String hop) {
        Place place() {
            return decision.sighting().place();
        }
    }

    /**
     * One thing to try.
     *
     * @param flycast whether Fly's proxy is asked to bring it there, which wakes machines; else a machine itself
     */
    record Attempt(Place place, boolean flycast) {}

    PlaceForwarding(Ways ways, TargetStates states, Here here, FleetAnswers answers) {
        this.ways = ways;
        this.states = states;
        this.here = here;
        this.answers = answers;
    }

    /** The URL of a server that the operator has named; empty when there is none. */
    Optional<URI> url(Place place) {
        return ways.fleet().peers().url(place.machine(), place.region(), place.app());
    }

    /** Forwards a request; always completes the callback. */
    void forward(Trip trip, Request request, Response response, Callback callback) {
        new PlaceExchange(this, trip, attempts(trip)).next(request, response, callback);
    }

    /** A machine that runs is called itself, unless it did not answer a moment ago; Flycast knows more about the others. */
    private List<Attempt> attempts(Trip trip) {
        List<Attempt> found = new ArrayList<>();
        Attempt itself = new Attempt(trip.place(), false);
        if (!ways.onFly()) {
            found.add(itself);
            trip.others().forEach(place -> found.add(new Attempt(place, false)));
            return found;
        }
        found.add(new Attempt(trip.place(), true));
        boolean first = trip.decision().kind() == ReplayDecision.Kind.PROXY && !states.hasRefused(trip.place());
        found.add(first ? 0 : 1, itself);
        return found;
    }

    TargetStates states() {
        return states;
    }

    FleetAnswers answers() {
        return answers;
    }

    /** Where an attempt leads; empty when DNS has no address for it. */
    CompletableFuture<Optional<URI>> origin(Attempt attempt) {
        Place place = attempt.place();
        if (attempt.flycast()) {
            return states.addressOf(place.appFrom(here) + ".flycast")
                    .thenApply(
                            address -> address.map(one -> uri(one, ways.fleet().flycastPort())));
        }
        if (ways.onFly()) {
            return states.address(place).thenApply(address -> address.map(one -> uri(one, ways.port())));
        }
        Optional<URI> url = url(place);
        // With TLS the name has to be asked for.
        boolean asItIs =
                url.isEmpty() || "https".equalsIgnoreCase(url.get().getScheme()) || PeerDirectory.isAddress(url.get());
        if (asItIs) {
            return CompletableFuture.completedFuture(url);
        }
        int port = url.get().getPort() < 0 ? 80 : url.get().getPort();
        return states.address(place).thenApply(address -> address.map(one -> uri(one, port)));
    }

    private static URI uri(InetAddress address, int port) {
        String host = address.getHostAddress();
        int scope = host.indexOf('%');
        String plain = scope < 0 ? host : host.substring(0, scope);
        return URI.create("http://" + (address instanceof Inet6Address ? "[" + plain + "]" : plain) + ":" + port);
    }

    /** What an attempt adds to the request. By force, because whoever else gets it would only send it on again. */
    ForwardPolicy policy(Trip trip, Attempt attempt) {
        Place place = attempt.place();
        List<FieldRules.Rule> fields = new ArrayList<>();
        fields.add(field(FIELD, trip.hop()));
        if (attempt.flycast() && !place.machine().isEmpty()) {
            fields.add(field("Fly-Force-Instance-Id", place.machine()));
        } else if (attempt.flycast() && !place.region().isEmpty()) {
            fields.add(field("Fly-Force-Region", place.regionAndThoseOf(trip.others())));
        }
        Duration coldStart = ways.fleet().coldStart();
        Duration answer = attempt.flycast() && coldStart.compareTo(USUAL_ANSWER) > 0 ? coldStart : Duration.ZERO;
        return new ForwardPolicy(
                new TargetTimeouts(Duration.ZERO, answer, Duration.ZERO), NamedFiles.NONE, FieldRules.of(fields));
    }

    private static FieldRules.Rule field(String name, String value) {
        return new FieldRules.Rule(name, List.of(value), List.of());
    }
}
