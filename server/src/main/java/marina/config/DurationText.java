package marina.config;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as operators write them: {@code 250ms 30s 5m 1h30m 7d 1w 1y}, and {@code 0} for off. */
public final class DurationText {
    private static final Pattern WHOLE = Pattern.compile("(?:\\d{1,10}(?:ms|s|m|h|d|w|y))+");
    private static final Pattern PART = Pattern.compile("(\\d+)(ms|s|m|h|d|w|y)");
    private static final Duration LONGEST = Duration.ofDays(100 * 365);
    private static final Map<String, Duration> UNITS = Map.of(
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1),
            "w", Duration.ofDays(7),
            "y", Duration.ofDays(365));

    private DurationText() {}

    /** Parses; a year has 365 days. */
    static Duration parse(String text) {
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        if (!WHOLE.matcher(text).matches()) {
            boolean plainNumber = text.matches("\\d{1,10}");
            throw BadText.of(
                    plainNumber
                            ? "is a duration without a unit; write e.g. " + text + "s or " + text + "m"
                            : "is not a duration; write e.g. 10m or 90s");
        }
        Duration sum = Duration.ZERO;
        Matcher part = PART.matcher(text);
        while (part.find()) {
            Duration unit = UNITS.getOrDefault(part.group(2), Duration.ZERO);
            sum = sum.plus(unit.multipliedBy(Long.parseLong(part.group(1))));
        }
        if (sum.compareTo(LONGEST) > 0) {
            throw BadText.of("is longer than 100 years; write e.g. 10m, or 0 for off");
        }
        return sum;
    }

    /**
     * Parses what somebody types on the command line.
     *
     * @throws IllegalArgumentException with what is wrong and what to write
     */
    public static Duration of(String text) {
        try {
            return parse(text);
        } catch (BadText e) {
            throw new IllegalArgumentException("\"" + text + "\" " + e.getMessage(), e);
        }
    }

    /** The duration as {@link #parse} reads it. */
    public static String format(Duration duration) {
        if (duration.isZero()) {
            return "0";
        }
        StringBuilder text = new StringBuilder();
        append(text, duration.toDays(), "d");
        append(text, duration.toHoursPart(), "h");
        append(text, duration.toMinutesPart(), "m");
        append(text, duration.toSecondsPart(), "s");
        append(text, duration.toMillisPart(), "ms");
        return text.toString();
    }

    private static void append(StringBuilder text, long amount, String unit) {
        if (amount > 0) {
            text.append(amount).append(unit);
        }
    }
}
