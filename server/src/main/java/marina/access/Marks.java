package marina.access;

import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;

/**
 * What stands in the line of a WebSocket for what is known at its end: characters that no request can bring along, because
 * what comes over the wire is Latin-1.
 */
final class Marks {
    static final String OUT = "\uE003";
    static final String IN = "\uE004";
    private static final char MICROS = '\uE000';
    private static final char MILLIS = '\uE001';
    private static final char SECONDS = '\uE002';

    private final long begun;

    /** For a request that began at this {@code System.nanoTime()}. */
    Marks(long begun) {
        this.begun = begun;
    }

    String time(TimeUnit unit) {
        return String.valueOf(
                switch (unit) {
                    case MICROSECONDS -> MICROS;
                    case MILLISECONDS -> MILLIS;
                    default -> SECONDS;
                });
    }

    /** The line with what is known now. */
    String fill(String line, Connection connection) {
        StringBuilder text = new StringBuilder(line.length() + 32);
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            switch (c) {
                case MICROS -> text.append(Exchange.since(begun, TimeUnit.MICROSECONDS));
                case MILLIS -> text.append(Exchange.since(begun, TimeUnit.MILLISECONDS));
                case SECONDS -> text.append(Exchange.since(begun, TimeUnit.SECONDS));
                case '\uE003' -> text.append(Math.max(0, connection.getBytesOut()));
                case '\uE004' -> text.append(Math.max(0, connection.getBytesIn()));
                default -> text.append(c);
            }
        }
        return text.toString();
    }
}
