package marina.server;

/** Marina cannot start; the message is for the operator and says what to do. */
public final class StartException extends Exception {
    private static final long serialVersionUID = 1L;

    /** With the reason. */
    public StartException(String message) {
        super(message);
    }

    /** With the reason and what is behind it. */
    public StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
