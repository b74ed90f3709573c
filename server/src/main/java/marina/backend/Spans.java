package marina.backend;

import java.time.Duration;
import java.util.Locale;

/** Writes spans of time as operators do. */
final class Spans {
    private static final int MILLIS_PER_SECOND = 1000;

    private Spans() {}

    /** {@code 500ms}, {@code 1.8s}, {@code 5m}, {@code 1m30s}. */
    static String text(Duration span) {
        long millis = span.toMillis();
        if (millis < MILLIS_PER_SECOND) {
            return millis + "ms";
        }
        if (span.toMinutes() == 0) {
            String seconds = String.format(Locale.ROOT, "%.1f", millis / (double) MILLIS_PER_SECOND);
            return (seconds.endsWith(".0") ? seconds.substring(0, seconds.length() - 2) : seconds) + "s";
        }
        String minutes = span.toMinutes() + "m";
        return span.toSecondsPart() == 0 ? minutes : minutes + span.toSecondsPart() + "s";
    }
}
