package marina.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A mapping of the configuration while a reader reads it. Each accessor makes its key known, checks the value and yields the
 * default when it is absent or wrong; {@link #finish} then reports the keys that no accessor asked for.
 */
final class Section {
    private final Value.Mapping mapping;
    private final Scope scope;
    private final Reading reading;
    private final Set<String> known = new LinkedHashSet<>();

    Section(Value.Mapping mapping, Scope scope, Reading reading) {
        this.mapping = mapping;
        this.scope = scope;
        this.reading = reading;
    }

    /** Reads a whole mapping with one reader, which must ask for every key that may be written. */
    static <T> T read(Value.Mapping mapping, Scope scope, Reading reading, Function<Section, T> reader) {
        Section section = new Section(mapping, scope, reading);
        T result = reader.apply(section);
        section.finish();
        return result;
    }

    Reading reading() {
        return reading;
    }

    Scope scope() {
        return scope;
    }

    Value.Mapping mapping() {
        return mapping;
    }

    /** The value under a key; empty when it is absent or nothing is written after it. */
    Optional<Value> written(String key) {
        if (known.add(key)) {
            reading.know(key);
        }
        return Optional.ofNullable(mapping.entries().get(key))
                .map(Value.Entry::value)
                .filter(value -> !(value instanceof Value.Scalar scalar && scalar.isNull()));
    }

    boolean has(String key) {
        return written(key).isPresent();
    }

    /** Reports a problem with the value of a key, or with the section when the key is absent. */
    void problem(String key, String message) {
        Value.Entry entry = mapping.entries().get(key);
        reading.problem(entry == null ? mapping : entry.value(), message);
    }

    /** Warns of the value of a key that is written. */
    void warning(String key, String message) {
        written(key).ifPresent(value -> reading.warn(value, message));
    }

    /** The value of a key when it is there and right. */
    <T> Optional<T> value(String key, TextParser<T> parser) {
        return written(key).flatMap(value -> parse(value, parser));
    }

    <T> T value(String key, TextParser<T> parser, T absent) {
        return value(key, parser).orElse(absent);
    }

    String text(String key, String absent) {
        return value(key, text -> text, absent);
    }

    boolean flag(String key, boolean absent) {
        return value(key, Texts::flag, absent);
    }

    int number(String key, int least, int most, int absent) {
        return value(key, text -> Texts.number(text, least, most), absent);
    }

    /** A value that may be a text with names that only a start or a request knows. */
    Optional<Template> template(String key, Set<String> late) {
        return written(key).flatMap(value -> template(value, late));
    }

    /** The mapping under a key, read by its own reader; an absent one is read as an empty one, so that defaults apply. */
    <T> T section(String key, Function<Section, T> reader) {
        SourceLocation location = mapping.location();
        Value.Mapping below = written(key)
                .flatMap(this::asMapping)
                .orElseGet(
                        () -> Value.Mapping.empty(location, mapping.key().isEmpty() ? key : mapping.key() + "." + key));
        return read(below, scope, reading, reader);
    }

    /** A list of texts; a single text counts as a list of one. */
    <T> List<T> list(String key, TextParser<T> parser) {
        List<T> result = new ArrayList<>();
        for (Value item : items(key)) {
            parse(item, parser).ifPresent(result::add);
        }
        return List.copyOf(result);
    }

    /** A list of mappings; a single mapping counts as a list of one. */
    <T> List<T> sections(String key, Function<Section, Optional<T>> reader) {
        List<T> result = new ArrayList<>();
        for (Value item : items(key)) {
            asMapping(item)
                    .flatMap(below -> read(below, scope, reading, reader))
                    .ifPresent(result::add);
        }
        return List.copyOf(result);
    }

    /** The items of a list; a single value counts as a list of one. */
    List<Value> items(String key) {
        Optional<Value> value = written(key);
        if (value.isPresent() && value.get() instanceof Value.Sequence sequence) {
            return sequence.items();
        }
        return value.map(List::of).orElse(List.of());
    }

    /** The mappings by name below a key. */
    <T> Map<String, T> named(String key, BiFunction<String, Section, Optional<T>> reader) {
        Map<String, T> result = new LinkedHashMap<>();
        entries(key).forEach((name, entry) -> orEmpty(entry.value())
                .flatMap(below -> read(below, scope, reading, section -> reader.apply(name, section)))
                .ifPresent(value -> result.put(name, value)));
        return result;
    }

    /** Texts by name below a key, such as env. A name without a value is left out. */
    Map<String, Template> templates(String key, Set<String> late) {
        Map<String, Template> result = new LinkedHashMap<>();
        entries(key).forEach((name, entry) -> {
            if (!(entry.value() instanceof Value.Scalar scalar && scalar.isNull())) {
                template(entry.value(), late).ifPresent(value -> result.put(name, value));
            }
        });
        return result;
    }

    /** The entries of the mapping below a key, whatever their names. */
    Map<String, Value.Entry> entries(String key) {
        return written(key).flatMap(this::asMapping).map(Value.Mapping::entries).orElse(Map.of());
    }

    /** A program and its arguments: a list, or one text that is split as a shell would split it. */
    List<Template> command(String key, Set<String> late) {
        Optional<Value> value = written(key);
        if (value.isEmpty()) {
            return List.of();
        }
        List<Value> words = new ArrayList<>();
        if (value.get() instanceof Value.Scalar line) {
            try {
                for (String word : CommandLine.split(line.text())) {
                    words.add(new Value.Scalar(line.location(), line.key(), word, false));
                }
            } catch (BadText e) {
                reading.problem(line, line.describe() + " " + e.getMessage());
                return List.of();
            }
        } else {
            words.addAll(items(key));
        }
        if (words.isEmpty()) {
            reading.problem(
                    value.get(), "is empty; write a program and its arguments, e.g. [bin/server, -p, \"${port}\"]");
        }
        List<Template> result = new ArrayList<>();
        for (Value word : words) {
            template(word, late).ifPresent(result::add);
        }
        return List.copyOf(result);
    }

    /** What is written for a key, before its names are filled in: in quotes, on one line, without passwords. */
    String quote(String key) {
        List<Value> values = written(key).isPresent() ? items(key) : List.of();
        return Secrets.quote(values.stream()
                .map(value -> value instanceof Value.Scalar scalar ? scalar.text() : value.describe())
                .collect(Collectors.joining(" ")));
    }

    /** The value as a mapping; anything else is a problem. */
    Optional<Value.Mapping> asMapping(Value value) {
        if (value instanceof Value.Mapping below) {
            return Optional.of(below);
        }
        reading.problem(value, value.describe() + " stands where keys with values are expected");
        return Optional.empty();
    }

    /** The text of a value, with its names filled in and parsed. */
    <T> Optional<T> parse(Value value, TextParser<T> parser) {
        return resolved(
                value,
                scalar -> parser.parse(scope.resolve(scalar.text(), Set.of()).expand(Map.of())));
    }

    private Optional<Template> template(Value value, Set<String> late) {
        return resolved(value, scalar -> scope.resolve(scalar.text(), late));
    }

    private <T> Optional<T> resolved(Value value, Function<Value.Scalar, T> resolver) {
        if (!(value instanceof Value.Scalar scalar)) {
            reading.problem(value, value.describe() + " stands where a single value is expected");
            return Optional.empty();
        }
        try {
            return Optional.of(resolver.apply(scalar));
        } catch (BadText e) {
            if (scope.isComplete() || !e.isUndefinedName()) {
                String message = value.describe() + " " + e.getMessage();
                if (e.isMissingFile()) {
                    reading.missing(value, message);
                } else {
                    reading.problem(value, message);
                }
            }
            return Optional.empty();
        }
    }

    private Optional<Value.Mapping> orEmpty(Value value) {
        if (value instanceof Value.Scalar scalar && scalar.isNull()) {
            return Optional.of(Value.Mapping.empty(value.location(), value.key()));
        }
        return asMapping(value);
    }

    private void finish() {
        mapping.entries().forEach((name, entry) -> {
            if (!known.contains(name)) {
                String parent = entry.value().key();
                String prefix = parent.substring(0, parent.length() - name.length());
                String key = prefix.endsWith(".") ? prefix.substring(0, prefix.length() - 1) : prefix;
                reading.problem(
                        entry.location(), key, "unknown key " + Secrets.quote(name) + Suggestion.among(known, name));
            }
        });
    }
}
