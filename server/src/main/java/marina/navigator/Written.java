package marina.navigator;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import marina.config.Suggestion;
import marina.config.Value;

/**
 * A mapping of a file for Navigator while it is translated. Each accessor makes its key known; {@link #finish} warns of the keys
 * that none has asked for. Used by one thread.
 */
final class Written {
    private final Value.Mapping mapping;
    private final Report report;
    private final Set<String> known = new LinkedHashSet<>();

    Written(Value.Mapping mapping, Report report) {
        this.mapping = mapping;
        this.report = report;
    }

    Value.Mapping mapping() {
        return mapping;
    }

    Report report() {
        return report;
    }

    /** The value of a key; empty when it is absent or nothing is written after it. */
    Optional<Value> value(String key) {
        known.add(key);
        return Optional.ofNullable(mapping.entries().get(key))
                .map(Value.Entry::value)
                .filter(value -> !(value instanceof Value.Scalar scalar && scalar.isNull()));
    }

    boolean has(String key) {
        return value(key).isPresent();
    }

    /** The value of a key, or of an old name of it, which is worth a word. */
    Optional<Value> value(String key, String... oldNames) {
        Optional<Value> found = value(key);
        for (String old : oldNames) {
            Optional<Value> other = value(old);
            if (other.isPresent()) {
                Value.Entry entry = mapping.entries().get(old);
                if (entry != null) {
                    report.deprecated(
                            entry.location(),
                            entry.value().key(),
                            "is an old name; write " + key
                                    + (found.isPresent() ? ", which stands beside it and counts" : ""));
                }
                found = found.or(() -> other);
            }
        }
        return found;
    }

    /** A text, number or boolean. */
    Optional<Value.Scalar> scalar(String key, String... oldNames) {
        return value(key, oldNames).flatMap(this::asScalar);
    }

    Optional<Value.Scalar> asScalar(Value value) {
        if (value instanceof Value.Scalar scalar) {
            return scalar.isNull() ? Optional.empty() : Optional.of(scalar);
        }
        report.problem(value, value.describe() + " stands where a single value is expected");
        return Optional.empty();
    }

    /** The text of a key; empty for an empty one, which Navigator takes for an absent one. */
    Optional<Value.Scalar> text(String key, String... oldNames) {
        return scalar(key, oldNames).filter(scalar -> !scalar.text().isEmpty());
    }

    boolean flag(String key, boolean absent) {
        return scalar(key).map(scalar -> flag(scalar, absent)).orElse(absent);
    }

    private boolean flag(Value.Scalar scalar, boolean absent) {
        return switch (scalar.text().toLowerCase(java.util.Locale.ROOT)) {
            case "true", "yes", "on", "y" -> true;
            case "false", "no", "off", "n" -> false;
            default -> {
                report.problem(scalar, scalar.describe() + " is neither true nor false");
                yield absent;
            }
        };
    }

    /** A list; a single value counts as a list of one. */
    List<Value> items(String key, String... oldNames) {
        return value(key, oldNames).map(Written::itemsOf).orElse(List.of());
    }

    static List<Value> itemsOf(Value value) {
        return value instanceof Value.Sequence sequence ? sequence.items() : List.of(value);
    }

    /** A list of texts. */
    List<Value.Scalar> texts(String key, String... oldNames) {
        return items(key, oldNames).stream()
                .flatMap(item -> asScalar(item).stream())
                .toList();
    }

    /** A list of mappings. */
    List<Written> sections(String key, String... oldNames) {
        List<Written> sections = new ArrayList<>();
        items(key, oldNames).forEach(item -> asSection(item).ifPresent(sections::add));
        return sections;
    }

    /** The mapping of a key; an empty one where nothing is written. */
    Written section(String key) {
        return value(key)
                .flatMap(this::asSection)
                .orElseGet(() -> new Written(new Value.Mapping(mapping.location(), child(key), Map.of()), report));
    }

    private Optional<Written> asSection(Value value) {
        if (value instanceof Value.Mapping below) {
            return Optional.of(new Written(below, report));
        }
        report.problem(value, value.describe() + " stands where keys with values are expected");
        return Optional.empty();
    }

    private String child(String key) {
        return mapping.key().isEmpty() ? key : mapping.key() + "." + key;
    }

    /** What stands below a key, whatever the names. */
    Map<String, Value.Entry> entries(String key, String... oldNames) {
        return value(key, oldNames)
                .flatMap(this::asSection)
                .map(below -> below.mapping.entries())
                .orElse(Map.of());
    }

    boolean isEmpty() {
        return mapping.entries().isEmpty();
    }

    /** A key that has no effect here, and why. */
    void ignored(String key, String why) {
        value(key).ifPresent(value -> report.note(value, why));
    }

    /** Warns of the keys that nobody knows. */
    void finish() {
        mapping.entries().forEach((name, entry) -> {
            if (!known.contains(name)) {
                report.warn(
                        entry.location(),
                        mapping.key(),
                        "unknown key \"" + name + "\", which has no effect" + Suggestion.among(known, name));
            }
        });
    }
}
