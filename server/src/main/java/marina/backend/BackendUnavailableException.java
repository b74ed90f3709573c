package marina.backend;

import java.time.Duration;

/** A lease was refused: the client gets 503, with {@code Retry-After}. */
public class BackendUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What a client may be told of the reason; the message is for the operator alone. */
    public enum Kind {
        /** Not for now, though nothing is broken. */
        NOT_NOW,
        /** As many processes run as may. */
        NO_ROOM,
        /** It failed; a request after the pause starts it again. */
        FAILED,
        /** It failed so often that only an operator starts it again. */
        GIVEN_UP
    }

    private final Kind kind;
    private final Duration retryAfter;

    /** With the reason in the operator's words and when a new try makes sense. */
    public BackendUnavailableException(String message, Duration retryAfter) {
        this(Kind.NOT_NOW, message, retryAfter);
    }

    /** The same of a certain kind. */
    public BackendUnavailableException(Kind kind, String message, Duration retryAfter) {
        super(message);
        this.kind = kind;
        this.retryAfter = retryAfter;
    }

    /** What a client may be told. */
    public Kind kind() {
        return kind;
    }

    /** When a new try makes sense. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
