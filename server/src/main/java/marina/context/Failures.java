package marina.context;

import java.util.concurrent.CompletionException;

/** What is behind a future that failed. */
public final class Failures {

    private Failures() {}

    /** The failure itself, without the wrapping that futures put around it. */
    public static Throwable unwrap(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    /** The failure in words, for the operator. */
    public static String reason(Throwable failure) {
        Throwable cause = unwrap(failure);
        String message = cause.getMessage();
        return message == null ? cause.toString() : message;
    }
}
