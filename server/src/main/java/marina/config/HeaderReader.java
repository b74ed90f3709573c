package marina.config;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads and prints fields of HTTP: {@code headers}, and those of routes. */
final class HeaderReader {
    /** What only a request knows. */
    static final Set<String> LATE = Set.of("host", "remote_addr", "scheme");

    /** RFC 9110 section 5.1. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

    private static final Pattern AUTHORITY = Pattern.compile("[A-Za-z0-9._~:\\[\\]-]*");

    private HeaderReader() {}

    /** The mapping {@code headers}. */
    static HeadersConfig read(Section s) {
        if (!s.has("headers")) {
            return HeadersConfig.NONE;
        }
        return s.section("headers", below -> new HeadersConfig(request(below, "request"), response(below, "response")));
    }

    /** Fields for backends. */
    static Map<String, Template> request(Section s, String key) {
        return fields(s, key, LATE, HeaderReader::problemOfRequest);
    }

    /** Fields for clients. */
    static Map<String, Template> response(Section s, String key) {
        return fields(s, key, LATE, (name, value) -> Optional.empty());
    }

    /** Fields of requests that no client stands behind. */
    static Map<String, Template> constants(Section s, String key) {
        return fields(s, key, Set.of(), HeaderReader::problemOfRequest);
    }

    /** Fields of answers that are the same for everybody. */
    static Map<String, Template> complete(Section s, String key) {
        return fields(s, key, Set.of(), (name, value) -> Optional.empty());
    }

    static Map<String, Object> dump(HeadersConfig headers) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("request", DumpText.env(headers.request()));
        result.put("response", DumpText.env(headers.response()));
        return result;
    }

    private static Map<String, Template> fields(Section s, String key, Set<String> late, Check check) {
        Map<String, Template> fields = s.templates(key, late);
        Map<String, String> spelt = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        s.entries(key).forEach((name, entry) -> {
            Template value = fields.get(name);
            if (value == null) {
                return; // not written, or a problem already
            }
            String other = spelt.putIfAbsent(name, name);
            Optional<String> problem = other == null
                    ? problem(name, value).or(() -> check.problem(canonical(name), value))
                    : Optional.of("is the field " + Secrets.quote(other) + " once more; spell it the same way");
            problem.ifPresent(
                    text -> s.reading().problem(entry.location(), entry.value().key(), text));
        });
        return fields;
    }

    private static Optional<String> problem(String name, Template value) {
        if (!NAME.matcher(name).matches()) {
            return Optional.of("is no name of a field; write e.g. X-Frame-Options");
        }
        String canonical = canonical(name);
        if (ServerFields.areFraming(canonical)) {
            return Optional.of("tells how the message or its connection is read, which is for the server; remove it");
        }
        if (!value.literals().stream().allMatch(text -> text.chars().allMatch(HeaderReader::isText))) {
            return Optional.of("has a line break or another character that no field can carry; write plain ASCII");
        }
        return Optional.empty();
    }

    private static Optional<String> problemOfRequest(String name, Template value) {
        boolean removes = isEmpty(value);
        if (name.equals("host")) {
            boolean authority = value.literals().stream()
                    .allMatch(text -> AUTHORITY.matcher(text).matches());
            return removes || !authority
                    ? Optional.of("is no host; write one with or without a port, e.g. api.example.com")
                    : Optional.empty();
        }
        if (!removes && ServerFields.tellBackends(name)) {
            return Optional.of(
                    "is set by the server, so that backends can trust it; remove the line, or write \"\" to send none");
        }
        return Optional.empty();
    }

    private static boolean isEmpty(Template value) {
        return value.names().isEmpty() && value.literals().get(0).isEmpty();
    }

    private static boolean isText(int c) {
        return c == '\t' || (c >= ' ' && c < 0x7f);
    }

    /** Many backends do not tell a dash from an underscore. */
    private static String canonical(String name) {
        return name.toLowerCase(Locale.ENGLISH).replace('_', '-');
    }

    /** What is wrong with a field, if anything. */
    @FunctionalInterface
    private interface Check {
        Optional<String> problem(String canonicalName, Template value);
    }
}
