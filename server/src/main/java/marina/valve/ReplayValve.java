package marina.valve;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import marina.config.ContextPath;
import marina.config.FleetConfig;
import marina.config.RouteAction;
import marina.fleet.Here;
import marina.fleet.HopState;
import marina.fleet.Place;
import marina.fleet.Placement;
import marina.fleet.Placements;
import marina.fleet.ReplayAnswer;
import marina.fleet.ReplayDecision;
import marina.fleet.Sighting;
import marina.fleet.TargetState;
import marina.fleet.TargetStates;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Sends requests to the machine where they belong, before anything of them is read, upgraded or started. Of one configuration.
 * Thread-safe; blocks nobody.
 */
public final class ReplayValve {
    /** Attribute of a request: what was decided, for the access log. */
    public static final String DECISION = "marina.fleet";

    /** A machine that runs is reached in this time or not at all. */
    private static final Duration TO_THE_LIVING = Duration.ofSeconds(5);

    private final Setting setting;
    private final TargetStates states;
    private final PlaceForwarding forwarding;
    private final FleetAnswers answers;
    private final ErrorPage pages;
    private final FleetCounters counters;
    private final Arrivals arrivals;
    private final PlaceLocator locator;
    private final FleetReports reports;

    /**
     * What a configuration says.
     *
     * @param basePath where the cookie is sent that tells a place
     */
    record Setting(Here here, boolean onFly, FleetConfig fleet, ContextPath basePath, Placements placements) {}

    /** Whether it may go to another app, which has another configuration: passwords are asked for before. */
    public boolean leavesApp(Wanted wanted) {
        return wanted.placement.mayLeave(setting.here.app());
    }

    /**
     * What asks to be sent on.
     *
     * @param placement where it lives
     * @param hint whether only the client says so, and everybody can answer
     * @param timeout of the rule, zero for the usual one
     * @param cache what Fly's proxy may remember
     */
    public record Wanted(Placement placement, boolean hint, Duration timeout, RouteAction.ReplayCache cache) {
        /** By a context. */
        static Wanted of(Placement placement, boolean hint) {
            return new Wanted(placement, hint, Duration.ZERO, RouteAction.ReplayCache.NONE);
        }
    }

    /**
     * A request that may go.
     *
     * @param way that it has come
     * @param order of places of which any will do; empty when it is not so
     */
    private record Departure(Wanted wanted, HopState way, List<Place> order) {
        /** Where it may go when nobody is reached at a place. */
        List<Place> after(Place place) {
            int number = order.indexOf(place);
            return number < 0 ? List.of() : order.subList(number + 1, order.size());
        }
    }

    ReplayValve(
            Setting setting,
            TargetStates states,
            PlaceForwarding forwarding,
            FleetAnswers answers,
            ErrorPage pages,
            FleetCounters counters) {
        this.setting = setting;
        this.states = states;
        this.forwarding = forwarding;
        this.answers = answers;
        this.pages = pages;
        this.counters = counters;
        this.arrivals = new Arrivals(setting.onFly, setting.fleet);
        this.reports = new FleetReports(setting.here);
        this.locator = new PlaceLocator(setting.placements, setting.fleet, setting.basePath);
    }

    /** What tells where requests belong. */
    public PlaceLocator locator() {
        return locator;
    }

    /** What a route asks for. */
    public Wanted of(RouteAction.Replay route) {
        return new Wanted(setting.placements.of(route), false, route.timeout(), route.cache());
    }

    /** Whether a request that asks for this is answered here. */
    public boolean isMine(Wanted wanted, Request request) {
        return wanted.placement.isMine(setting.here, Arrivals.changes(request));
    }

    /**
     * Sends a request where it belongs, or passes it on when that is here.
     *
     * @param next must not return false
     */
    public boolean handle(Wanted wanted, Request request, Response response, Callback callback, Request.Handler next)
            throws Exception {
        ReplayDecision.Arrival arrival = arrivals.of(request);
        Optional<ReplayDecision> atOnce = ReplayDecision.atOnce(wanted.placement, setting.here, arrival);
        if (atOnce.isPresent()) {
            Departure none = new Departure(wanted, arrival.way().orElse(HopState.DIRECT), List.of());
            return carryOut(atOnce.get(), none, request, response, callback, next);
        }
        List<Place> places = wanted.placement.places(arrival.changes());
        boolean anyWillDo = wanted.placement.anyWillDo(arrival.changes());
        List<Place> order = anyWillDo ? states.refusedLast(places) : places;
        Departure departure =
                new Departure(wanted, arrival.way().orElse(HopState.DIRECT), anyWillDo ? order : List.of());
        CompletableFuture<Sighting> found = states.look(order);
        if (found.isDone()) {
            return decide(found.join(), departure, request, response, callback, next);
        }
        Continuation continuation = new Continuation(request, response, callback, pages);
        var unused = found.thenAccept(sighting -> continuation.later(() -> continuation.pass(
                response, (seen, answer, end) -> decide(sighting, departure, seen, answer, end, next))));
        return true;
    }

    private boolean decide(
            Sighting sighting,
            Departure departure,
            Request request,
            Response response,
            Callback callback,
            Request.Handler next)
            throws Exception {
        ReplayDecision.Means means = new ReplayDecision.Means(
                setting.onFly, setting.fleet.transport(), Arrivals.isTooLarge(request), Arrivals.isUpgrade(request));
        ReplayDecision decision = ReplayDecision.of(sighting, setting.here, departure.way, means);
        boolean strayed = departure.wanted.hint && decision.kind() == ReplayDecision.Kind.ABSENT;
        return carryOut(
                strayed ? new ReplayDecision(ReplayDecision.Kind.SERVE, sighting) : decision,
                departure,
                request,
                response,
                callback,
                next);
    }

    private boolean carryOut(
            ReplayDecision decision,
            Departure departure,
            Request request,
            Response response,
            Callback callback,
            Request.Handler next)
            throws Exception {
        counters.count(decision);
        request.setAttribute(DECISION, FleetReports.describe(decision));
        Wanted wanted = departure.wanted;
        switch (decision.kind()) {
            case SERVE -> {
                if (!wanted.hint) {
                    locator.remember(wanted.placement, setting.here, request, response);
                }
                return next.handle(request, response, callback);
            }
            case REPLAY -> replay(decision.sighting(), departure, request, response, callback);
            case PROXY, WAKE -> {
                List<Place> others = departure.after(decision.sighting().place());
                String hop = nextHop(departure.way);
                forwarding.forward(new PlaceForwarding.Trip(decision, others, hop), request, response, callback);
            }
            case REDIRECT -> redirect(decision.sighting().place(), request, response, callback);
            case FAILED -> {
                reports.failed(decision, request);
                answers.page(FleetAnswers.Reason.UNREACHED, request, response, callback);
            }
            case LOOP -> {
                reports.loop(decision, departure.way, setting.placements.version(), request);
                answers.page(FleetAnswers.Reason.LOOP, request, response, callback);
            }
            case ABSENT -> answers.page(FleetAnswers.Reason.ABSENT, request, response, callback);
            case REFUSED -> {
                reports.refused(request);
                answers.page(FleetAnswers.Reason.REFUSED, request, response, callback);
            }
        }
        return true;
    }

    private void replay(Sighting sighting, Departure departure, Request request, Response response, Callback callback) {
        Wanted wanted = departure.wanted;
        boolean cached = wanted.cache.isEnabled();
        Duration patience = wanted.timeout;
        if (patience.isZero()) {
            boolean lives = sighting.state() == TargetState.LIVE && sighting.sure();
            patience = lives ? TO_THE_LIVING : setting.fleet.coldStart();
        }
        boolean invalidate = !cached && "hit".equals(request.getHeaders().get(Arrivals.CACHE_STATUS));
        ReplayAnswer answer = new ReplayAnswer(
                sighting.place(),
                departure.after(sighting.place()),
                setting.here,
                cached ? "" : nextHop(departure.way),
                cached ? Duration.ZERO : patience,
                new ReplayAnswer.Memory(wanted.cache.prefix(), wanted.cache.ttl(), wanted.cache.bypass(), invalidate));
        response.setStatus(HttpStatus.TEMPORARY_REDIRECT_307);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        if (setting.fleet.form() == FleetConfig.Form.JSON) {
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/vnd.fly.replay+json");
            Content.Sink.write(response, true, answer.json(), callback);
        } else {
            answer.fields().forEach(response.getHeaders()::put);
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 0);
            response.write(true, null, callback);
        }
    }

    /** 307 keeps method and body (RFC 9110 section 15.4.8). */
    private void redirect(Place place, Request request, Response response, Callback callback) {
        String url = forwarding.url(place).map(Object::toString).orElse("");
        if (url.isEmpty()) {
            answers.page(FleetAnswers.Reason.ABSENT, request, response, callback);
            return;
        }
        String origin = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        response.setStatus(HttpStatus.TEMPORARY_REDIRECT_307);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.getHeaders()
                .put(HttpHeader.LOCATION, origin + request.getHttpURI().getPathQuery());
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 0);
        response.write(true, null, callback);
    }

    private String nextHop(HopState way) {
        return arrivals.seal().write(new HopState(way.hops() + 1, setting.here, setting.placements.version()));
    }
}
