package marina.export;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * JSON (RFC 8259) that people can read and compare: what lies less than four deep has lines of its own. It is JavaScript as
 * well. Pure.
 */
final class JsonText {
    private static final int OUTER = 4;

    private final StringBuilder text = new StringBuilder();

    private JsonText() {}

    /** The text of maps, lists, strings, numbers and truth values. */
    static String of(Object value) {
        JsonText json = new JsonText();
        json.value(value, 0);
        return json.text.toString();
    }

    private void value(Object value, int depth) {
        if (value instanceof Map<?, ?> map) {
            entries(map, depth);
        } else if (value instanceof List<?> list) {
            items(list, depth);
        } else if (value instanceof Number || value instanceof Boolean) {
            text.append(value);
        } else {
            string(value.toString());
        }
    }

    private void entries(Map<?, ?> map, int depth) {
        text.append('{');
        for (Iterator<? extends Map.Entry<?, ?>> i = map.entrySet().iterator(); i.hasNext(); ) {
            Map.Entry<?, ?> entry = i.next();
            line(depth + 1, depth);
            string(entry.getKey().toString());
            text.append(": ");
            value(entry.getValue(), depth + 1);
            text.append(i.hasNext() ? "," : "");
            text.append(i.hasNext() && depth >= OUTER ? " " : "");
        }
        end(map.isEmpty(), depth);
        text.append('}');
    }

    private void items(List<?> list, int depth) {
        text.append('[');
        for (int i = 0; i < list.size(); i++) {
            line(depth + 1, depth);
            value(list.get(i), depth + 1);
            boolean more = i < list.size() - 1;
            text.append(more ? "," : "").append(more && depth >= OUTER ? " " : "");
        }
        end(list.isEmpty(), depth);
        text.append(']');
    }

    private void end(boolean empty, int depth) {
        if (!empty) {
            line(depth, depth);
        }
    }

    private void line(int indent, int depth) {
        if (depth < OUTER) {
            text.append('\n').append("  ".repeat(indent));
        }
    }

    private void string(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ' || c == 0x7f || c == '\u2028' || c == '\u2029' || Character.isSurrogate(c)) {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }
}
