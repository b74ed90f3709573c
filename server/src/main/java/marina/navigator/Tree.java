package marina.navigator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import marina.config.Value;

/** A mapping in Marina's own form that is being made; its values remember where they come from. Used by one thread. */
final class Tree {
    private final Value origin;
    private final Map<String, Value.Entry> entries = new LinkedHashMap<>();

    /** An empty mapping that stands for something written. */
    Tree(Value origin) {
        this.origin = origin;
    }

    Tree put(String key, Value value) {
        entries.put(key, new Value.Entry(value.location(), value));
        return this;
    }

    /** Puts a text in the place of what was written. */
    Tree put(String key, String text, Value origin) {
        return put(key, scalar(text, origin));
    }

    /** Puts a text that nobody has written. */
    Tree put(String key, String text) {
        return put(key, text, origin);
    }

    Tree put(String key, Optional<Value> value) {
        value.ifPresent(present -> put(key, present));
        return this;
    }

    /** Puts a mapping, or nothing where it is empty. */
    Tree put(String key, Tree below) {
        return below.entries.isEmpty() ? this : put(key, below.mapping());
    }

    /** Puts a list, or nothing where it is empty. */
    Tree put(String key, List<Value> items, Value origin) {
        return items.isEmpty() ? this : put(key, list(items, origin));
    }

    Tree putAll(Tree other) {
        entries.putAll(other.entries);
        return this;
    }

    Optional<Value> get(String key) {
        return Optional.ofNullable(entries.get(key)).map(Value.Entry::value);
    }

    boolean has(String key) {
        return entries.containsKey(key);
    }

    Value.Mapping mapping() {
        return new Value.Mapping(origin.location(), origin.key(), entries);
    }

    static Value scalar(String text, Value origin) {
        return new Value.Scalar(origin.location(), origin.key(), text, false);
    }

    static Value list(List<Value> items, Value origin) {
        return new Value.Sequence(origin.location(), origin.key(), items);
    }

    static List<Value> scalars(List<String> texts, Value origin) {
        List<Value> items = new ArrayList<>();
        texts.forEach(text -> items.add(scalar(text, origin)));
        return items;
    }
}
