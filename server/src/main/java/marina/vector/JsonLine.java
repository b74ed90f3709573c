package marina.vector;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One log line as a JSON object, its fields in the order of writing. One thread. */
public final class JsonLine {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", Locale.ROOT);

    private final StringBuilder text = new StringBuilder(512).append('{');

    /** A line of this moment. */
    public static JsonLine now() {
        return new JsonLine().with("@timestamp", TIME.format(Instant.now().atZone(ZoneId.systemDefault())));
    }

    /** A text; nothing stands for one that is absent. */
    public JsonLine with(String name, @Nullable String value) {
        name(name);
        quote(value == null ? "" : value);
        return this;
    }

    /** A number. */
    public JsonLine with(String name, long value) {
        name(name);
        text.append(value);
        return this;
    }

    /** A text that is left out when it is absent or empty. */
    public JsonLine withAny(String name, @Nullable String value) {
        return value == null || value.isEmpty() ? this : with(name, value);
    }

    private void name(String name) {
        if (text.length() > 1) {
            text.append(',');
        }
        quote(name);
        text.append(':');
    }

    private void quote(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ') {
                text.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }

    @Override
    public String toString() {
        return text + "}";
    }
}
