package marina.acme;

import java.time.Instant;

/** No certificate came. The message says why and what to do; it goes on after "No certificate for a.test: ". */
final class OrderException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Instant notBefore;

    /** It may be tried again at any time. */
    OrderException(String message, Throwable cause) {
        this(message, Instant.MIN, cause);
    }

    /**
     * The authority asks for a pause.
     *
     * @param notBefore when it may be tried again
     */
    OrderException(String message, Instant notBefore, Throwable cause) {
        super(message, cause);
        this.notBefore = notBefore;
    }

    /** Until when the authority wants to be left alone; long ago when it did not say. */
    Instant notBefore() {
        return notBefore;
    }
}
