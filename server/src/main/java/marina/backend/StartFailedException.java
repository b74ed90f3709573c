package marina.backend;

/** An application did not start; the message is for the operator. */
public final class StartFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With the reason in the operator's words. */
    public StartFailedException(String message) {
        super(message);
    }
}
