package marina.valve;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import marina.config.FleetConfig;
import marina.fleet.Here;
import marina.fleet.HopSeal;
import marina.fleet.HopState;
import marina.fleet.ReplayDecision;
import marina.fleet.ReplayFields;
import marina.proxy.BodyLength;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;

/** Reads what the head of a request tells of its way and its body. Thread-safe. */
final class Arrivals {
    static final String FAILED = "fly-replay-failed";
    static final String CACHE_STATUS = "fly-replay-cache-status";
    private static final String SOURCE = "fly-replay-src";

    /** What Fly's proxy replays at most, by its documents. */
    private static final long MOST_REPLAYED = 1_000_000;

    private static final Set<String> READING = Set.of("GET", "HEAD", "CONNECT");
    private static final Set<String> WITHOUT_BODY = Set.of("GET", "HEAD", "OPTIONS", "DELETE", "CONNECT");

    private final boolean onFly;
    private final HopSeal seal;

    Arrivals(boolean onFly, FleetConfig fleet) {
        this.onFly = onFly;
        this.seal = new HopSeal(fleet.secret().value());
    }

    HopSeal seal() {
        return seal;
    }

    ReplayDecision.Arrival of(Request request) {
        HttpFields fields = request.getHeaders();
        return new ReplayDecision.Arrival(changes(request), onFly && fields.contains(FAILED), way(fields));
    }

    /** Of two ways the longer one: a request may have been forwarded first and replayed then. Empty when one is forged. */
    private Optional<HopState> way(HttpFields fields) {
        String source = onFly ? fields.get(SOURCE) : null;
        String forwarded = fields.get(PlaceForwarding.FIELD);
        HopState way = HopState.DIRECT;
        if (forwarded != null) {
            Optional<HopState> told = read(forwarded, HopState.DIRECT.sender());
            if (told.isEmpty()) {
                return told;
            }
            way = told.get();
        }
        if (source != null) {
            Map<String, String> values = ReplayFields.parse(source);
            Here sender = new Here("", values.getOrDefault("region", ""), values.getOrDefault("instance", ""));
            String state = values.getOrDefault("state", "");
            // What Fly's proxy may remember is sent without a state.
            boolean remembered = state.isEmpty() && "miss".equals(fields.get(CACHE_STATUS));
            Optional<HopState> told = remembered ? Optional.of(new HopState(1, sender, "")) : read(state, sender);
            if (told.isEmpty()) {
                return told;
            }
            way = told.get().hops() > way.hops() ? told.get() : way;
        }
        return Optional.of(way);
    }

    /** Without a secret, a way that cannot be read is that of a sender who is no Marina. */
    private Optional<HopState> read(String state, Here sender) {
        Optional<HopState> told = seal.read(state);
        return told.isPresent() || seal.isStrict() ? told : Optional.of(new HopState(1, sender, ""));
    }

    /** A WebSocket is asked for with GET, whatever form HTTP/2 has for that (RFC 8441). */
    static boolean changes(Request request) {
        return !READING.contains(request.getMethod());
    }

    static boolean isUpgrade(Request request) {
        return request.getHeaders().contains(HttpHeader.UPGRADE) || HttpMethod.CONNECT.is(request.getMethod());
    }

    static boolean isTooLarge(Request request) {
        if (request.getLength() >= 0) {
            return request.getLength() > MOST_REPLAYED;
        }
        boolean chunked = request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
        return chunked || (BodyLength.isUnknown(request) && !WITHOUT_BODY.contains(request.getMethod()));
    }
}
