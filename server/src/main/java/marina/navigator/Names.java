package marina.navigator;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import marina.config.Value;

/**
 * What becomes of {@code ${name}}. Navigator fills it in within {@code applications.env} alone, from a tenant's {@code var};
 * its manual promises more, the environment included, and that is kept. A name without a value stays as it is written.
 */
final class Names {
    private static final Pattern NAME = Pattern.compile("\\$\\{([A-Za-z0-9_][A-Za-z0-9_.-]*)(:-[^${}]*)?}");
    private static final Pattern PORT = Pattern.compile("\\{\\{\\s*port\\s*}}|\\$\\{(?:PORT|port)}|\\$PORT\\b");
    private static final Set<String> BUILT_IN = Set.of("path", "name", "base", "home", "region", "machine");

    private final Map<String, String> environment;
    private final Report report;

    Names(Map<String, String> environment, Report report) {
        this.environment = environment;
        this.report = report;
    }

    /** A text in which nothing is filled in. */
    static String literal(String text) {
        return text.replace("${", "$${");
    }

    /** A text of the whole server, with names of the environment. */
    String ofServer(Value.Scalar written) {
        return replace(written.text(), name -> {
            if (environment.containsKey(name)) {
                return true;
            }
            report.warnOnce(written, "has ${" + name + "}, which has no value and is left as it is");
            return false;
        });
    }

    /** A text in Marina's own form with the values of the environment; what has none stays. */
    String filled(String text) {
        Matcher matcher = NAME.matcher(text);
        StringBuilder result = new StringBuilder();
        int end = 0;
        while (matcher.find()) {
            boolean escaped = matcher.start() > end && text.charAt(matcher.start() - 1) == '$';
            result.append(text, end, escaped ? matcher.start() - 1 : matcher.start());
            result.append(escaped ? matcher.group() : value(matcher));
            end = matcher.end();
        }
        return result.append(text.substring(end)).toString();
    }

    private String value(Matcher name) {
        String value = environment.get(name.group(1));
        String absent = name.group(2);
        return absent != null && (value == null || value.isEmpty())
                ? absent.substring(":-".length())
                : value == null ? name.group() : value;
    }

    Value server(Value.Scalar written) {
        return Tree.scalar(ofServer(written), written);
    }

    /** A text that each tenant completes. */
    static Value tenant(Value.Scalar written) {
        return Tree.scalar(replace(written.text(), name -> true), written);
    }

    /** An argument of a tenant's command, where the port may be written in several ways. */
    static Value argument(Value.Scalar written) {
        String text = PORT.matcher(written.text()).replaceAll(Matcher.quoteReplacement("${port}"));
        return Tree.scalar(replace(text, name -> true), written);
    }

    private static String replace(String text, Function<String, Boolean> known) {
        Matcher matcher = NAME.matcher(text);
        StringBuilder result = new StringBuilder();
        int end = 0;
        while (matcher.find()) {
            result.append(literal(text.substring(end, matcher.start())));
            boolean kept = matcher.group(2) != null || known.apply(matcher.group(1));
            result.append(kept ? "" : "$").append(matcher.group());
            end = matcher.end();
        }
        return result.append(literal(text.substring(end))).toString();
    }

    /** The names that texts of an app need, each with the text that needs it; those with a default are none. */
    static Map<String, Value> needed(Value... values) {
        Map<String, Value> names = new LinkedHashMap<>();
        for (Value value : values) {
            collect(value, names);
        }
        return names;
    }

    private static void collect(Value value, Map<String, Value> names) {
        if (value instanceof Value.Mapping mapping) {
            mapping.entries().values().forEach(entry -> collect(entry.value(), names));
        } else if (value instanceof Value.Sequence sequence) {
            sequence.items().forEach(item -> collect(item, names));
        } else if (value instanceof Value.Scalar scalar) {
            Matcher matcher = NAME.matcher(scalar.text().replace("$${", ""));
            while (matcher.find()) {
                if (matcher.group(2) == null) {
                    names.putIfAbsent(matcher.group(1), scalar);
                }
            }
        }
    }

    /** Whether a name has a value without the vars of a tenant. */
    boolean isKnown(String name) {
        return name.equals("port") || BUILT_IN.contains(name) || environment.containsKey(name);
    }
}
