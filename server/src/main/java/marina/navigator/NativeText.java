package marina.navigator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import marina.config.ConfigNote;
import marina.config.SourceLocation;
import marina.config.Value;

/** Prints a configuration in Marina's own form, as a person would write it, with the notes about it as comments. Used once. */
public final class NativeText {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9/_.][A-Za-z0-9/_.+@-]*");
    private static final Pattern WORD =
            Pattern.compile("(?i)true|false|null|yes|no|on|off|y|n|~|\\.nan|[-+]?\\.inf|[-+.0-9][-+.0-9_xoe]*");
    private static final int WIDTH = 110;

    private final StringBuilder out = new StringBuilder();
    private final Map<SourceLocation, List<ConfigNote>> notes = new LinkedHashMap<>();

    private NativeText(List<ConfigNote> notes) {
        notes.forEach(note -> this.notes
                .computeIfAbsent(note.finding().location(), place -> new ArrayList<>())
                .add(note));
    }

    /** The text of a configuration. */
    public static String of(Value.Mapping configuration, List<ConfigNote> notes) {
        NativeText text = new NativeText(notes);
        StringBuilder body = new StringBuilder();
        configuration.entries().forEach((key, entry) -> {
            text.entry(key, entry.value(), 0);
            body.append(text.out);
            text.out.setLength(0);
        });
        StringBuilder head = new StringBuilder();
        text.notes
                .values()
                .forEach(list -> list.forEach(
                        note -> head.append("# ").append(oneLine(note)).append('\n')));
        return head.append(body).toString();
    }

    private void entry(String key, Value value, int indent) {
        comments(value, indent);
        indent(indent).append(scalar(key)).append(':');
        value(value, indent, key.length() + 2);
    }

    /** Notes stand where their subject is first printed; what is printed nowhere stands at the top. */
    private void comments(Value value, int indent) {
        List<ConfigNote> here = notes.remove(value.location());
        if (here != null) {
            here.forEach(
                    note -> indent(indent).append("# ").append(oneLine(note)).append('\n'));
        }
    }

    private static String oneLine(ConfigNote note) {
        String key = note.finding().key().isEmpty() ? "" : note.finding().key() + ": ";
        String text = note.kind().name().toLowerCase(java.util.Locale.ROOT) + ": " + key
                + note.finding().message();
        return "line " + note.finding().location().line() + ", " + text.replaceAll("\\s+", " ");
    }

    private void value(Value value, int indent, int used) {
        String flow = flow(value);
        boolean fits = indent + used + flow.length() <= WIDTH;
        if (value instanceof Value.Mapping mapping && !mapping.entries().isEmpty() && (!fits || indent == 0)) {
            out.append('\n');
            mapping.entries().forEach((key, entry) -> entry(key, entry.value(), indent + 2));
        } else if (value instanceof Value.Sequence sequence && (!fits || isListOfMappings(sequence))) {
            out.append('\n');
            sequence.items().forEach(item -> item(item, indent + 2));
        } else {
            out.append(' ').append(flow).append('\n');
        }
    }

    private static boolean isListOfMappings(Value.Sequence sequence) {
        return sequence.items().stream().anyMatch(Value.Mapping.class::isInstance);
    }

    private void item(Value item, int indent) {
        innerComments(item, indent);
        String flow = flow(item);
        if (item instanceof Value.Mapping mapping && indent + 2 + flow.length() > WIDTH) {
            boolean first = true;
            for (Map.Entry<String, Value.Entry> entry : mapping.entries().entrySet()) {
                indent(indent)
                        .append(first ? "- " : "  ")
                        .append(scalar(entry.getKey()))
                        .append(':');
                value(entry.getValue().value(), indent + 2, entry.getKey().length() + 2);
                first = false;
            }
        } else {
            indent(indent).append("- ").append(flow).append('\n');
        }
    }

    private void innerComments(Value value, int indent) {
        comments(value, indent);
        if (value instanceof Value.Mapping mapping) {
            mapping.entries().values().forEach(entry -> innerComments(entry.value(), indent));
        } else if (value instanceof Value.Sequence sequence) {
            sequence.items().forEach(item -> innerComments(item, indent));
        }
    }

    private static String flow(Value value) {
        if (value instanceof Value.Mapping mapping) {
            List<String> parts = new ArrayList<>();
            mapping.entries().forEach((key, entry) -> parts.add(scalar(key) + ": " + flow(entry.value())));
            return parts.isEmpty() ? "{}" : "{ " + String.join(", ", parts) + " }";
        }
        if (value instanceof Value.Sequence sequence) {
            return "["
                    + String.join(
                            ", ",
                            sequence.items().stream().map(NativeText::flow).toList()) + "]";
        }
        Value.Scalar text = (Value.Scalar) value;
        return text.isNull() ? "" : scalar(text.text());
    }

    private static String scalar(String text) {
        boolean number = text.matches("0|[1-9]\\d{0,8}");
        boolean flag = text.equals("true") || text.equals("false");
        if (number
                || flag
                || (PLAIN.matcher(text).matches() && !WORD.matcher(text).matches())) {
            return text;
        }
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c == '\n') {
                quoted.append("\\n");
            } else if (c < ' ' || (c >= 127 && c < 160)) {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    private StringBuilder indent(int indent) {
        return out.append(" ".repeat(indent));
    }
}
