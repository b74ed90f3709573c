package marina.simulator.edge;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import marina.simulator.topology.Regions;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.util.ajax.JSON;
import org.jspecify.annotations.Nullable;

/** Reads fly-replay responses, strictly: what Fly might let pass but does not document is {@link EdgeFault#PA03}. */
final class ReplayReader {

    static final String HEADER = "fly-replay";
    static final String JSON_TYPE = "application/vnd.fly.replay+json";

    /** One {@code key=value} of the header; both separators occur in Fly's own documents. */
    private static final Pattern PAIR =
            Pattern.compile("\\s*([a-z_]+)\\s*=\\s*(?:\"([^\"]*)\"|([^\";,\\s]+))\\s*(?:[;,]|$)");

    private static final Pattern TIME = Pattern.compile("(\\d{1,9})(ms|s|m)");

    private ReplayReader() {}

    /** Whether the head of an answer is a replay in the JSON form, whose body must be read. */
    static boolean isJson(HttpFields answer) {
        String type = answer.get(HttpHeader.CONTENT_TYPE);
        return type != null && type.split(";", -1)[0].strip().equalsIgnoreCase(JSON_TYPE);
    }

    /** The replay of an answer's fields, if there is one. */
    static Optional<Replay> header(HttpFields answer) {
        String value = answer.get(HEADER);
        if (value == null) {
            return Optional.empty();
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        Matcher pairs = PAIR.matcher(value);
        int end = 0;
        while (end < value.length()) {
            if (!pairs.find(end) || pairs.start() != end) {
                throw malformed("\"" + value + "\" at \"" + value.substring(end) + "\"");
            }
            String text = pairs.group(2) != null ? pairs.group(2) : pairs.group(3);
            if (fields.put(pairs.group(1), text) != null) {
                throw malformed("\"" + value + "\" has " + pairs.group(1) + " twice");
            }
            end = pairs.end();
        }
        return Optional.of(replay(fields, Replay.Transform.NONE, caching(answer)));
    }

    /** The replay of a body. */
    static Replay json(String body) {
        Object parsed;
        try {
            parsed = new JSON().fromJSON(body);
        } catch (RuntimeException e) {
            throw malformed("the body is not JSON");
        }
        Map<String, Object> fields = object(parsed, "the body");
        Object transform = fields.remove("transform");
        Object cache = fields.remove("cache");
        Object bypass = fields.remove("allow_bypass");
        return replay(
                fields,
                transform == null ? Replay.Transform.NONE : transform(object(transform, "transform")),
                cache == null ? Replay.Caching.NONE : caching(object(cache, "cache"), Boolean.TRUE.equals(bypass)));
    }

    private static Replay replay(Map<String, Object> fields, Replay.Transform transform, Replay.Caching caching) {
        List<String> regions = new ArrayList<>();
        text(fields, "region").ifPresent(list -> {
            for (String word : list.split(",", -1)) {
                String region = word.strip().toLowerCase(Locale.ROOT);
                if (!Regions.isAlias(region) && !region.matches("[a-z]{3}")) {
                    throw malformed("\"" + word + "\" is no region");
                }
                regions.add(region);
            }
        });
        Optional<String> elsewhere = text(fields, "elsewhere");
        Replay replay = new Replay(
                regions,
                text(fields, "instance"),
                text(fields, "prefer_instance"),
                text(fields, "app"),
                text(fields, "state"),
                elsewhere.filter("true"::equals).isPresent(),
                text(fields, "timeout").map(ReplayReader::time),
                text(fields, "fallback").map(ReplayReader::fallback).orElse(Fallback.NONE),
                transform,
                caching);
        if (!fields.isEmpty()) {
            throw malformed("unknown field " + fields.keySet().iterator().next());
        }
        if (replay.instance().isPresent() && replay.preferInstance().isPresent()) {
            throw malformed("both instance and prefer_instance");
        }
        boolean aims = !regions.isEmpty()
                || replay.instance().isPresent()
                || replay.preferInstance().isPresent();
        if (!aims && replay.app().isEmpty() && elsewhere.isEmpty()) {
            throw malformed("it names no target");
        }
        return replay;
    }

    private static Replay.Transform transform(Map<String, Object> fields) {
        Optional<String> path = text(fields, "path");
        if (path.isPresent() && !path.get().startsWith("/")) {
            throw malformed("transform.path must begin with /");
        }
        List<String> delete = new ArrayList<>();
        for (Object name : list(fields.remove("delete_headers"), "transform.delete_headers")) {
            delete.add(String.valueOf(name));
        }
        List<HttpField> set = new ArrayList<>();
        for (Object entry : list(fields.remove("set_headers"), "transform.set_headers")) {
            Map<String, Object> field = object(entry, "transform.set_headers");
            String name = text(field, "name").orElseThrow(() -> malformed("transform.set_headers without name"));
            set.add(new HttpField(name, text(field, "value").orElse("")));
        }
        if (!fields.isEmpty()) {
            throw malformed(
                    "unknown field transform." + fields.keySet().iterator().next());
        }
        return new Replay.Transform(path, delete, set);
    }

    private static Replay.Caching caching(HttpFields answer) {
        String pattern = answer.get("fly-replay-cache");
        if (pattern == null) {
            return Replay.Caching.NONE;
        }
        if (pattern.equals("invalidate")) {
            return new Replay.Caching(Optional.empty(), Duration.ZERO, false, true);
        }
        String ttl = answer.get("fly-replay-cache-ttl-secs");
        long seconds = ttl != null && ttl.matches("\\d{1,9}") ? Long.parseLong(ttl) : 0;
        boolean bypass = "yes".equalsIgnoreCase(answer.get("fly-replay-cache-allow-bypass"));
        return new Replay.Caching(Optional.of(pattern), Duration.ofSeconds(seconds), bypass, false);
    }

    private static Replay.Caching caching(Map<String, Object> fields, boolean bypass) {
        long seconds = fields.get("ttl") instanceof Number number ? number.longValue() : 0;
        return new Replay.Caching(
                text(fields, "prefix"),
                Duration.ofSeconds(seconds),
                bypass,
                Boolean.TRUE.equals(fields.get("invalidate")));
    }

    private static Duration time(String text) {
        Matcher parts = TIME.matcher(text);
        if (!parts.matches()) {
            throw malformed("\"" + text + "\" is no timeout");
        }
        long amount = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            default -> Duration.ofMinutes(amount);
        };
    }

    private static Fallback fallback(String text) {
        return switch (text) {
            case "force_self" -> Fallback.FORCE_SELF;
            case "prefer_self" -> Fallback.PREFER_SELF;
            default -> throw malformed("\"" + text + "\" is no fallback");
        };
    }

    private static Optional<String> text(Map<String, Object> fields, String name) {
        Object value = fields.remove(name);
        if (value instanceof Boolean || value instanceof Number) {
            return Optional.of(value.toString());
        }
        if (value != null && !(value instanceof String)) {
            throw malformed(name + " is no text");
        }
        return Optional.ofNullable((String) value);
    }

    private static List<Object> list(@Nullable Object value, String name) {
        if (value == null) {
            return List.of();
        }
        if (value instanceof Object[] array) {
            return List.of(array);
        }
        throw malformed(name + " is no list");
    }

    private static Map<String, Object> object(Object value, String name) {
        if (!(value instanceof Map<?, ?> map)) {
            throw malformed(name + " is no object");
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        map.forEach((key, field) -> {
            if (field != null) {
                fields.put(String.valueOf(key), field);
            }
        });
        return fields;
    }

    private static FaultException malformed(String detail) {
        return new FaultException(EdgeFault.PA03, detail);
    }
}
