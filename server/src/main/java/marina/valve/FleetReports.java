package marina.valve;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import marina.fleet.Here;
import marina.fleet.HopState;
import marina.fleet.Place;
import marina.fleet.ReplayDecision;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the operator what is wrong in the fleet, of each matter once a second at most. Thread-safe. */
final class FleetReports {
    private static final Logger LOG = LoggerFactory.getLogger(FleetReports.class);
    private static final long PAUSE = Duration.ofSeconds(1).toNanos();

    private final Here here;
    private final AtomicLong nextFailure = new AtomicLong(System.nanoTime());
    private final AtomicLong nextLoop = new AtomicLong(System.nanoTime());
    private final AtomicLong nextRefusal = new AtomicLong(System.nanoTime());

    FleetReports(Here here) {
        this.here = here;
    }

    /** For the access log: {@code replay:syd:live}. */
    static String describe(ReplayDecision decision) {
        String kind = decision.kind().name().toLowerCase(Locale.ROOT);
        Place place = decision.sighting().place();
        return switch (decision.kind()) {
            case SERVE, REFUSED -> kind;
            case FAILED, LOOP -> kind + ":" + place;
            case REPLAY, PROXY, WAKE, REDIRECT, ABSENT -> kind + ":" + place + ":"
                    + decision.sighting().state().name().toLowerCase(Locale.ROOT);
        };
    }

    /** Fly's proxy has reached nobody. */
    void failed(ReplayDecision decision, Request request) {
        if (isDue(nextFailure)) {
            LOG.warn(
                    "Fleet: {} came back from {}: {}",
                    request.getHttpURI().getCanonicalPath(),
                    decision.sighting().place(),
                    request.getHeaders().get(Arrivals.FAILED));
        }
    }

    /**
     * Machines send a request to one another.
     *
     * @param version of the placements of this machine
     */
    void loop(ReplayDecision decision, HopState way, String version, Request request) {
        if (isDue(nextLoop)) {
            LOG.error(
                    "Fleet: machines do not agree where {} belongs: {} (placements {}) has sent it here after {} hops, and"
                            + " this machine, {} (placements {}), says {}; give all machines the same configuration",
                    request.getHttpURI().getCanonicalPath(),
                    way.sender(),
                    way.version().isEmpty() ? "unknown" : way.version(),
                    way.hops(),
                    here,
                    version,
                    decision.sighting().place());
        }
    }

    /** A request lies about its way. */
    void refused(Request request) {
        if (isDue(nextRefusal)) {
            LOG.warn(
                    "Fleet: {} from {} tells a way that is not signed with fleet.secret; it is refused",
                    request.getHttpURI().getCanonicalPath(),
                    Request.getRemoteAddr(request));
        }
    }

    private static boolean isDue(AtomicLong next) {
        long now = System.nanoTime();
        long due = next.get();
        return now - due >= 0 && next.compareAndSet(due, now + PAUSE);
    }
}
