package marina.navigator;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import marina.config.Value;

/** Durations and sizes as Navigator writes them (Go's form, and years, weeks and days), as Marina writes them. */
final class Units {
    private static final Pattern DURATION =
            Pattern.compile("(-)?((?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:ns|us|µs|ms|[smhdwy]))+");
    private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d*)?|\\.\\d+)(ns|us|µs|ms|[smhdwy])");
    private static final Pattern SIZE = Pattern.compile("(?i)(\\d+(?:\\.\\d+)?)\\s*([KMGT])?(?:I?B)?");
    private static final String SIZES = "KMGT";
    private static final int KILO = 1024;

    private Units() {}

    /** Milliseconds as text; empty where the text is no duration, which is reported. */
    static Optional<String> duration(Value.Scalar written, Report report, String absent) {
        String text = written.text().trim();
        if (text.matches("[+-]?0")) {
            return Optional.of("0");
        }
        if (!DURATION.matcher(text).matches()) {
            report.warn(
                    written,
                    written.describe() + " is not a duration; write e.g. 10m or 90s. In effect is "
                            + (absent.isEmpty() ? "what holds where nothing is written" : absent));
            return Optional.empty();
        }
        if (text.startsWith("-")) {
            report.warn(written, written.describe() + " is less than no time; write 0 for off, which is in effect");
            return Optional.of("0");
        }
        double millis = 0;
        Matcher part = PART.matcher(text);
        while (part.find()) {
            millis += Double.parseDouble(part.group(1)) * factor(part.group(2));
        }
        return Optional.of(format(Math.round(millis)));
    }

    private static double factor(String unit) {
        double second = 1000;
        double day = 24 * 60 * 60 * second;
        return switch (unit) {
            case "ns" -> 1e-6;
            case "us", "µs" -> 1e-3;
            case "ms" -> 1;
            case "s" -> second;
            case "m" -> 60 * second;
            case "h" -> 60 * 60 * second;
            case "d" -> day;
            case "w" -> 7 * day;
            default -> 365 * day;
        };
    }

    /** As an operator would write it. */
    static String format(long millis) {
        if (millis == 0) {
            return "0";
        }
        String[] names = {"y", "w", "d", "h", "m", "s"};
        long[] lengths = {31_536_000_000L, 604_800_000L, 86_400_000L, 3_600_000L, 60_000L, 1000L};
        for (int i = 0; i < names.length; i++) {
            if (millis % lengths[i] == 0) {
                return millis / lengths[i] + names[i];
            }
        }
        return millis + "ms";
    }

    /** A size; empty where the text is none, which is reported. */
    static Optional<String> size(Value.Scalar written, Report report) {
        Matcher matcher = SIZE.matcher(written.text().trim());
        if (!matcher.matches()) {
            report.warn(written, written.describe() + " is not a size; write e.g. 512M. There is no limit");
            return Optional.empty();
        }
        String unit = matcher.group(2) == null ? "" : matcher.group(2).toUpperCase(java.util.Locale.ROOT);
        String number = matcher.group(1);
        if (!number.contains(".")) {
            return Optional.of(number + unit);
        }
        double factor = unit.isEmpty() ? 1 : Math.pow(KILO, SIZES.indexOf(unit) + 1);
        return Optional.of(Long.toString(Math.round(Double.parseDouble(number) * factor)));
    }
}
