package marina.simulator.journal;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Something that has happened: its kind and what is known of it, in the order in which it was said. Not thread-safe. */
public final class Event {

    private final Map<String, Object> fields = new LinkedHashMap<>();

    private Event(String kind) {
        fields.put("kind", kind);
    }

    /** A new one; kinds are listed in docs/simulator.md. */
    public static Event of(String kind) {
        return new Event(kind);
    }

    /** Adds a fact; null is left out. */
    public Event with(String name, @Nullable Object value) {
        if (value != null) {
            fields.put(name, value);
        }
        return this;
    }

    Map<String, Object> fields() {
        return fields;
    }
}
