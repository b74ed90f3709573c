package marina.fleet;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What Fly's proxy is asked to do with a request. Immutable.
 *
 * @param place where it should go
 * @param here whoever sends it there
 * @param state empty for none
 * @param timeout how long the proxy may try, zero for its own patience; a minimum, and nothing that ends a request in flight
 */
public record ReplayAnswer(Place place, Here here, String state, Duration timeout) {

    /** The value of the field {@code fly-replay}. */
    public String field() {
        return pairs().entrySet().stream()
                .map(pair -> pair.getKey() + "=" + pair.getValue())
                .collect(Collectors.joining(";"));
    }

    /** The body of type {@code application/vnd.fly.replay+json}. */
    public String json() {
        return pairs().entrySet().stream()
                .map(pair -> "\"" + pair.getKey() + "\":\"" + pair.getValue() + "\"")
                .collect(Collectors.joining(",", "{", "}"));
    }

    /** Names and values hold nothing that would have to be quoted: the configuration sees to it. */
    private Map<String, String> pairs() {
        Map<String, String> pairs = new LinkedHashMap<>();
        if (!place.app().isEmpty() && !place.app().equals(here.app())) {
            pairs.put("app", place.app());
        }
        if (!place.machine().isEmpty()) {
            pairs.put("instance", place.machine());
        } else if (!place.region().isEmpty()) {
            pairs.put("region", place.region());
        }
        if (!state.isEmpty()) {
            pairs.put("state", state);
        }
        if (!timeout.isZero()) {
            pairs.put("timeout", text(timeout));
            pairs.put("fallback", "force_self");
        }
        return pairs;
    }

    private static String text(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }
}
