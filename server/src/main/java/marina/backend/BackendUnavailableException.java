package marina.backend;

import java.time.Duration;

/** A lease was refused: the client gets 503, with {@code Retry-After}. */
public class BackendUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    /** With the reason in the operator's words and when a new try makes sense. */
    public BackendUnavailableException(String message, Duration retryAfter) {
        super(message);
        this.retryAfter = retryAfter;
    }

    /** When a new try makes sense. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
