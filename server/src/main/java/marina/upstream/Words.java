package marina.upstream;

import java.io.EOFException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.CompletionException;

/** What the operator reads of failures and times. Pure. */
final class Words {
    private static final int LONGEST = 200;

    private Words() {}

    /** Why something failed, in a few words. */
    static String cause(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof EOFException || cause instanceof ClosedChannelException) {
            return "the connection was closed before the answer was complete"; // Jetty's message is of use to Jetty
        }
        String message = cause.getMessage();
        if (message == null || message.isBlank()) {
            return cause.getClass().getSimpleName();
        }
        return message.length() > LONGEST ? message.substring(0, LONGEST) + "…" : message;
    }

    /** {@code 90 s}, or {@code 250 ms}. */
    static String time(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}
