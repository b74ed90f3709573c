package marina.admin;

import java.util.Comparator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** By what {@code top} sorts; the first letter is its key. */
enum TopOrder {
    RATE,
    REQUESTS,
    MEMORY,
    STATE,
    PATH;

    /** The first comes first; among equals those with more requests, then by path. */
    Comparator<TopSample.Row> order() {
        Comparator<TopSample.Row> most =
                Comparator.comparingLong(TopSample.Row::requests).reversed();
        Comparator<TopSample.Row> first =
                switch (this) {
                    case RATE -> Comparator.comparingDouble(TopSample.Row::rate).reversed();
                    case REQUESTS -> most;
                    case MEMORY -> Comparator.comparingLong(TopSample.Row::memory)
                            .reversed();
                    case STATE -> Comparator.comparing(TopSample.Row::state);
                    case PATH -> Comparator.comparing(TopSample.Row::path);
                };
        return first.thenComparing(most).thenComparing(TopSample.Row::path);
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** By its whole word; null for another. */
    static @Nullable TopOrder of(String word) {
        for (TopOrder one : values()) {
            if (one.word().equals(word)) {
                return one;
            }
        }
        return null;
    }

    /** By its key: r for rate, R for requests; null for another. */
    static @Nullable TopOrder ofKey(char key) {
        return switch (key) {
            case 'r' -> RATE;
            case 'R' -> REQUESTS;
            case 'm' -> MEMORY;
            case 's' -> STATE;
            case 'p' -> PATH;
            default -> null;
        };
    }
}
