package marina.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A part of a configuration file as written: where it stands, under which full key, and what it holds. Immutable. */
public sealed interface Value {

    /** Where the value begins. */
    SourceLocation location();

    /** The full key, for example {@code contexts./sam/list1.idle_timeout}. */
    String key();

    /** What this is called in a message. */
    String describe();

    /**
     * A text, number, boolean or nothing.
     *
     * @param text as written, quotes and escapes resolved
     * @param isNull whether nothing was written, which counts as if the key were absent
     */
    record Scalar(SourceLocation location, String key, String text, boolean isNull) implements Value {
        @Override
        public String describe() {
            boolean secret = key.endsWith("secret") || key.endsWith("password");
            return Secrets.quote(secret ? Secrets.MASK : text);
        }
    }

    /** A list. */
    record Sequence(SourceLocation location, String key, List<Value> items) implements Value {
        /** Copies its list. */
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String describe() {
            return "a list";
        }
    }

    /** Keys with values, in the order of the file. */
    record Mapping(SourceLocation location, String key, Map<String, Entry> entries) implements Value {
        /** Copies its map. */
        public Mapping {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }

        static Mapping empty(SourceLocation location, String key) {
            return new Mapping(location, key, Map.of());
        }

        @Override
        public String describe() {
            return "a mapping";
        }

        /** This mapping without one of its keys. */
        Mapping without(String name) {
            Map<String, Entry> others = new LinkedHashMap<>(entries);
            others.remove(name);
            return new Mapping(location, key, others);
        }

        /** This mapping with another text for one of its keys. */
        Mapping with(String name, String text) {
            Map<String, Entry> others = new LinkedHashMap<>(entries);
            others.computeIfPresent(
                    name,
                    (same, entry) -> new Entry(
                            entry.location(),
                            new Scalar(entry.value().location(), entry.value().key(), text, false)));
            return new Mapping(location, key, others);
        }

        /** This mapping laid over another one: mappings merge by key, everything else is replaced, nothing hides nothing. */
        Mapping over(Mapping inherited) {
            Map<String, Entry> merged = new LinkedHashMap<>(inherited.entries);
            entries.forEach((name, entry) -> merged.merge(name, entry, (below, above) -> above.over(below)));
            return new Mapping(location, key, merged);
        }
    }

    /**
     * A key with its value.
     *
     * @param location of the key
     */
    record Entry(SourceLocation location, Value value) {

        private Entry over(Entry inherited) {
            if (value instanceof Scalar scalar && scalar.isNull()) {
                return inherited;
            }
            if (value instanceof Mapping above && inherited.value instanceof Mapping below) {
                return new Entry(location, above.over(below));
            }
            return this;
        }
    }
}
