package marina.webapp;

/** A WAR could not be hosted: the message says why, for the operator, with the archive and the class or file at fault. */
public final class WarFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** With the reason. */
    public WarFailedException(String message, Throwable cause) {
        super(message, cause);
    }

    /** With the reason. */
    public WarFailedException(String message) {
        super(message);
    }
}
