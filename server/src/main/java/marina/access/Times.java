package marina.access;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.Function;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** When a request came, or was answered. The text of a second is made once for all of its requests. */
final class Times {
    private final DateTimeFormatter form;
    private volatile Second last = new Second(0, "");

    private record Second(long second, String text) {}

    private Times(String pattern) {
        this.form = DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneId.systemDefault());
    }

    /**
     * A piece of a pattern.
     *
     * @param form empty for that of the common log format, {@code sec}, {@code msec}, or letters as of SimpleDateFormat; behind
     *     {@code end:} of the end
     */
    static Function<Exchange, @Nullable String> of(String form) {
        boolean atEnd = form.startsWith("end:");
        String bare = form.substring(atEnd || form.startsWith("begin:") ? form.indexOf(':') + 1 : 0);
        return switch (bare) {
            case "sec" -> exchange -> Long.toString(at(exchange, atEnd) / 1000);
            case "msec" -> exchange -> Long.toString(at(exchange, atEnd));
            case "msec_frac" -> exchange -> String.format(Locale.ROOT, "%03d", at(exchange, atEnd) % 1000);
            case "" -> {
                Times times = new Times("'['dd/MMM/yyyy:HH:mm:ss Z']'");
                yield exchange -> times.second(at(exchange, atEnd));
            }
            default -> {
                Times times = new Times(bare);
                yield exchange -> times.form.format(Instant.ofEpochMilli(at(exchange, atEnd)));
            }
        };
    }

    private static long at(Exchange exchange, boolean atEnd) {
        return atEnd ? System.currentTimeMillis() : Request.getTimeStamp(exchange.request());
    }

    private String second(long millis) {
        long second = millis / 1000;
        Second known = last;
        if (known.second != second) {
            known = new Second(second, form.format(Instant.ofEpochSecond(second)));
            last = known;
        }
        return known.text;
    }
}
