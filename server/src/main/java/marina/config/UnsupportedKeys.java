package marina.config;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The keys that are read and checked but do nothing yet. They are refused, so that nobody believes in a setting that has no
 * effect; written with the value that means "off" they are fine. Whoever builds the behaviour deletes the entry here.
 */
final class UnsupportedKeys {
    private static final List<Entry> SERVER = List.of(new Entry("jmx.port", Set.of("0")));

    /** What this version refuses. */
    static final UnsupportedKeys CURRENT = new UnsupportedKeys(true);

    /** Refuses nothing, so that what is read of keys without behaviour can be seen. */
    static final UnsupportedKeys NONE = new UnsupportedKeys(false);

    private final boolean refusing;

    private UnsupportedKeys(boolean refusing) {
        this.refusing = refusing;
    }

    /** Checks a server file. */
    void check(Value.Mapping server, Reading reading) {
        if (!refusing) {
            return;
        }
        for (Entry entry : SERVER) {
            find(server, entry.steps())
                    .filter(value -> !isOff(value, entry.accepted))
                    .ifPresent(value -> refuse(value, reading));
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

    private static Optional<Value> find(Value root, List<String> steps) {
        Optional<Value> found = Optional.of(root);
        for (String step : steps) {
            found = found.filter(Value.Mapping.class::isInstance)
                    .map(Value.Mapping.class::cast)
                    .map(mapping -> mapping.entries().get(step))
                    .map(Value.Entry::value);
        }
        return found;
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
