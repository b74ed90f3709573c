package marina.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The keys that are read and checked but do nothing yet. They are refused, so that nobody believes in a setting that has no
 * effect; written with the value that means "off" they are fine. Whoever builds the behaviour deletes the entry here.
 */
final class UnsupportedKeys {
    private static final Set<String> NONE_ACCEPTED = Set.of();

    /** Keys of the server file. A star stands for any name and any item of a list. */
    private static final List<Entry> SERVER =
            List.of(new Entry("admin.listen", NONE_ACCEPTED), new Entry("jmx.port", Set.of("0")));

    /** Keys of contexts, apps and defaults. */
    private static final List<Entry> CONTEXT = List.of();

    /** What this version refuses. */
    static final UnsupportedKeys CURRENT = new UnsupportedKeys(true);

    /** Refuses nothing, so that what is read of keys without behaviour can be seen. */
    static final UnsupportedKeys NONE = new UnsupportedKeys(false);

    private final boolean refusing;

    private UnsupportedKeys(boolean refusing) {
        this.refusing = refusing;
    }

    /** Checks a server file with its defaults, apps and contexts. */
    void checkServer(Value.Mapping server, Reading reading) {
        if (!refusing) {
            return;
        }
        check(SERVER, server, reading);
        List<Value> definitions = new ArrayList<>(find(server, List.of("defaults")));
        definitions.addAll(find(server, List.of("apps", "*")));
        definitions.addAll(find(server, List.of("contexts", "*")));
        definitions.forEach(definition -> checkContext(definition, reading));
    }

    /** Checks one context, app or defaults. */
    void checkContext(Value definition, Reading reading) {
        if (refusing) {
            check(CONTEXT, definition, reading);
        }
    }

    private static void check(List<Entry> entries, Value root, Reading reading) {
        for (Entry entry : entries) {
            for (Value value : find(root, entry.steps())) {
                if (!isOff(value, entry.accepted)) {
                    refuse(value, reading);
                }
            }
        }
    }

    private static void refuse(Value value, Reading reading) {
        reading.problem(value, "not supported yet; remove it, a later version will read it");
    }

    private static boolean isOff(Value value, Set<String> accepted) {
        if (value instanceof Value.Scalar scalar) {
            return scalar.isNull() || scalar.text().isEmpty() || accepted.contains(scalar.text());
        }
        boolean emptyList =
                value instanceof Value.Sequence sequence && sequence.items().isEmpty();
        boolean emptyMapping =
                value instanceof Value.Mapping mapping && mapping.entries().isEmpty();
        return emptyList || emptyMapping;
    }

    private static List<Value> find(Value root, List<String> steps) {
        List<Value> found = List.of(root);
        for (String step : steps) {
            List<Value> next = new ArrayList<>();
            for (Value value : found) {
                next.addAll(below(value, step));
            }
            found = next;
        }
        return found;
    }

    private static List<Value> below(Value value, String step) {
        if (value instanceof Value.Sequence sequence) {
            return step.equals("*") ? sequence.items() : List.of();
        }
        if (!(value instanceof Value.Mapping mapping)) {
            return List.of();
        }
        if (step.equals("*")) {
            return mapping.entries().values().stream().map(Value.Entry::value).toList();
        }
        Value.Entry entry = mapping.entries().get(step);
        return entry == null ? List.of() : List.of(entry.value());
    }

    /**
     * One key.
     *
     * @param path names joined by dots
     * @param accepted texts that mean "off"; nothing, an empty list and an empty mapping always do
     */
    private record Entry(String path, Set<String> accepted) {
        List<String> steps() {
            return List.of(path.split("\\.", -1));
        }
    }
}
