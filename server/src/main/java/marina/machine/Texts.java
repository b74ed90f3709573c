package marina.machine;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import marina.config.IdleConfig;

/** How things are called in logs. */
final class Texts {
    private Texts() {}

    static String of(IdleConfig.Action action) {
        return action.name().toLowerCase(Locale.ROOT);
    }

    static String seconds(Duration duration) {
        long millis = duration.toMillis();
        return millis % 60_000 == 0 && millis > 0 ? millis / 60_000 + " min" : millis / 1000.0 + " s";
    }

    static String messageOf(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof TimeoutException) {
            return "no answer in time";
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
