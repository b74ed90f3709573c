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
import marina.proxy.ForwardTarget;
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

    /**
     * Forwards a request.
     *
     * @param decision to proxy, or to wake
     * @param hop what it tells of its way
     */
    void forward(ReplayDecision decision, String hop, Request request, Response response, Callback callback) {
        Place place = decision.sighting().place();
        boolean wakes = decision.kind() == ReplayDecision.Kind.WAKE;
        CompletableFuture<Optional<URI>> origin = wakes ? flycast(place) : origin(place);
        Continuation continuation = new Continuation(
                request, response, callback, (status, r, a, c) -> answers.page(FleetAnswers.Reason.UNREACHED, r, a, c));
        if (origin.isDone()) {
            send(place, origin.join(), policy(place, hop, wakes), continuation);
        } else {
            var unused = origin.thenAccept(
                    found -> continuation.later(() -> send(place, found, policy(place, hop, wakes), continuation)));
        }
    }

    private void send(Place place, Optional<URI> origin, ForwardPolicy policy, Continuation exchange) {
        if (origin.isEmpty()) {
            answers.page(FleetAnswers.Reason.UNREACHED, exchange.request(), exchange.response(), exchange.callback());
        } else {
            answers.forward(
                    place,
                    ForwardTarget.to(origin.get()).with(policy),
                    exchange.request(),
                    exchange.response(),
                    exchange.callback());
        }
    }

    private CompletableFuture<Optional<URI>> origin(Place place) {
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

    private CompletableFuture<Optional<URI>> flycast(Place place) {
        return states.addressOf(place.appFrom(here) + ".flycast")
                .thenApply(address -> address.map(one -> uri(one, ways.fleet().flycastPort())));
    }

    private static URI uri(InetAddress address, int port) {
        String host = address.getHostAddress();
        int scope = host.indexOf('%');
        String plain = scope < 0 ? host : host.substring(0, scope);
        return URI.create("http://" + (address instanceof Inet6Address ? "[" + plain + "]" : plain) + ":" + port);
    }

    private ForwardPolicy policy(Place place, String hop, boolean wakes) {
        List<FieldRules.Rule> fields = new ArrayList<>();
        fields.add(field(FIELD, hop));
        if (wakes && !place.machine().isEmpty()) {
            fields.add(field("Fly-Force-Instance-Id", place.machine()));
        } else if (wakes && !place.region().isEmpty()) {
            fields.add(field("Fly-Prefer-Region", place.region()));
        }
        Duration coldStart = ways.fleet().coldStart();
        Duration answer = wakes && coldStart.compareTo(USUAL_ANSWER) > 0 ? coldStart : Duration.ZERO;
        return new ForwardPolicy(
                new TargetTimeouts(Duration.ZERO, answer, Duration.ZERO), NamedFiles.NONE, FieldRules.of(fields));
    }

    private static FieldRules.Rule field(String name, String value) {
        return new FieldRules.Rule(name, List.of(value), List.of());
    }
}
