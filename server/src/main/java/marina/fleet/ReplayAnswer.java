package marina.fleet;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What Fly's proxy is asked to do with a request. Immutable.
 *
 * @param place where it should go
 * @param others where it may go when nobody is reached there, in order; regions like the place itself
 * @param here whoever sends it there
 * @param state empty for none
 * @param timeout how long the proxy may try, zero for its own patience; a minimum, and nothing that ends a request in flight
 * @param memory what it may remember
 */
public record ReplayAnswer(Place place, List<Place> others, Here here, String state, Duration timeout, Memory memory) {

    /** Copies the list. */
    public ReplayAnswer {
        others = List.copyOf(others);
    }

    /**
     * What the proxy remembers, so that it need not ask again.
     *
     * @param prefix the paths, with a star at the end; empty for nothing
     * @param ttl for how long
     * @param bypass whether clients may have it ask all the same
     * @param invalidate whether what it remembers is to be forgotten
     */
    public record Memory(String prefix, Duration ttl, boolean bypass, boolean invalidate) {}

    /** The fields of the answer, but for the type of a body. */
    public Map<String, String> fields() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("fly-replay", field());
        if (memory.invalidate()) {
            fields.put("fly-replay-cache", "invalidate");
        } else if (!memory.prefix().isEmpty()) {
            fields.put("fly-replay-cache", memory.prefix());
            fields.put("fly-replay-cache-ttl-secs", Long.toString(memory.ttl().toSeconds()));
            if (memory.bypass()) {
                fields.put("fly-replay-cache-allow-bypass", "yes");
            }
        }
        return fields;
    }

    private String field() {
        return pairs().entrySet().stream()
                .map(pair -> pair.getKey() + "=" + quoted(pair.getValue()))
                .collect(Collectors.joining(";"));
    }

    /** The form of the field has commas between pairs, too. */
    private static String quoted(String value) {
        return value.contains(",") ? '"' + value + '"' : value;
    }

    /** The body of type {@code application/vnd.fly.replay+json}. */
    public String json() {
        String pairs = pairs().entrySet().stream()
                .map(pair -> "\"" + pair.getKey() + "\":\"" + pair.getValue() + "\"")
                .collect(Collectors.joining(","));
        if (memory.invalidate()) {
            return "{" + pairs + ",\"cache\":{\"invalidate\":true}}";
        }
        if (memory.prefix().isEmpty()) {
            return "{" + pairs + "}";
        }
        return "{" + pairs + ",\"cache\":{\"prefix\":\"" + memory.prefix() + "\",\"ttl\":"
                + memory.ttl().toSeconds() + "}" + (memory.bypass() ? ",\"allow_bypass\":true" : "") + "}";
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
            pairs.put("region", place.regionAndThoseOf(others));
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
