package marina.valve;

import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import marina.fleet.ReplayDecision;
import marina.fleet.Sighting;
import marina.proxy.ForwardTarget;
import marina.proxy.TargetWatch;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * One request on its way to its place: when a machine has not taken it, or has broken off and the request may be repeated (RFC
 * 9110 section 9.2.2), the next way there is tried. Its attempts follow one another, so that one thread at a time is here.
 */
final class PlaceExchange implements TargetWatch {
    private final PlaceForwarding forwarding;
    private final PlaceForwarding.Trip trip;
    private final Deque<PlaceForwarding.Attempt> attempts;
    private PlaceForwarding.Attempt current;
    private boolean reached; // whether a machine may have seen the request

    /**
     * A request that goes nowhere yet.
     *
     * @param attempts at least one
     */
    PlaceExchange(PlaceForwarding forwarding, PlaceForwarding.Trip trip, List<PlaceForwarding.Attempt> attempts) {
        this.forwarding = forwarding;
        this.trip = trip;
        this.attempts = new ArrayDeque<>(attempts);
        this.current = attempts.get(0);
    }

    /** Goes the next way, and when there is none left says so to the client. */
    void next(Request request, Response response, Callback callback) {
        PlaceForwarding.Attempt attempt = attempts.poll();
        if (attempt == null) {
            forwarding.answers().page(FleetAnswers.Reason.UNREACHED, request, response, callback);
            return;
        }
        current = attempt;
        CompletableFuture<Optional<URI>> origin = forwarding.origin(attempt);
        if (origin.isDone()) {
            send(origin.join(), request, response, callback);
            return;
        }
        Continuation continuation = new Continuation(request, response, callback, (status, r, a, c) -> forwarding
                .answers()
                .page(FleetAnswers.Reason.UNREACHED, r, a, c));
        var unused = origin.thenAccept(found -> continuation.later(() -> send(found, request, response, callback)));
    }

    private void send(Optional<URI> origin, Request request, Response response, Callback callback) {
        if (origin.isEmpty()) {
            next(request, response, callback);
            return;
        }
        request.setAttribute(ReplayValve.DECISION, FleetReports.describe(way()));
        ForwardTarget target = ForwardTarget.to(origin.get()).with(forwarding.policy(trip, current));
        forwarding.answers().forward(current.place(), target, this, request, response, callback);
    }

    /** For the access log. */
    private ReplayDecision way() {
        Sighting sighting = trip.decision().sighting();
        return new ReplayDecision(
                current.flycast() ? ReplayDecision.Kind.WAKE : ReplayDecision.Kind.PROXY,
                new Sighting(current.place(), sighting.state()));
    }

    @Override
    public void answered(int status, HttpFields.Mutable clientFields) {}

    @Override
    public boolean failed(Failure failure, Request request, Response response, Callback callback) {
        if (failure.reach() == Reach.NOWHERE && !current.flycast()) {
            forwarding.states().refused(current.place());
        }
        boolean repeats = failure.reach() == Reach.NOWHERE || (failure.reach() == Reach.REPEATABLE && !reached);
        reached |= failure.reach() != Reach.NOWHERE;
        if (reached && (!repeats || attempts.isEmpty())) {
            return false;
        }
        next(request, response, callback);
        return true;
    }
}
