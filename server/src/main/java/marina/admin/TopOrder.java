package marina.admin;

import java.util.Comparator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** By what {@code top} sorts; the first letter is its key. */
enum TopOrder {
    RATE(Comparator.comparingDouble(TopSample.Row::rate).reversed()),
    REQUESTS(Comparator.comparingLong(TopSample.Row::requests).reversed()),
    MEMORY(Comparator.comparingLong(TopSample.Row::memory).reversed()),
    STATE(Comparator.comparing(TopSample.Row::state)),
    PATH(Comparator.comparing(TopSample.Row::path));

    private final Comparator<TopSample.Row> order;

    TopOrder(Comparator<TopSample.Row> order) {
        this.order = order.thenComparing(
                        Comparator.comparingLong(TopSample.Row::requests).reversed())
                .thenComparing(TopSample.Row::path);
    }

    Comparator<TopSample.Row> order() {
        return order;
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
