package marina.fleet;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The form of {@code fly-replay-src} and {@code fly-replay-failed}: {@code instance=00bb33ff;region=iad;t=1}. Both the semicolon and the
 * comma have been seen between the pairs; in quotes they separate nothing. Pure.
 */
public final class ReplayFields {
    private ReplayFields() {}

    /** The values by name in lower case; of one that stands there twice, the first. */
    public static Map<String, String> parse(String field) {
        Map<String, String> values = new LinkedHashMap<>();
        int start = 0;
        boolean quoted = false;
        for (int i = 0; i <= field.length(); i++) {
            char c = i == field.length() ? ';' : field.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (i == field.length() || (!quoted && (c == ';' || c == ','))) {
                add(field.substring(start, i).strip(), values);
                start = i + 1;
            }
        }
        return values;
    }

    private static void add(String pair, Map<String, String> values) {
        int equals = pair.indexOf('=');
        if (equals > 0) {
            String name = pair.substring(0, equals).strip().toLowerCase(Locale.ROOT);
            String value = pair.substring(equals + 1).strip().replace("\"", "");
            values.putIfAbsent(name, value);
        }
    }
}
