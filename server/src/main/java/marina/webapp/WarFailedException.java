package marina.webapp;

/** A WAR could not be hosted: the message says why, for the operator, with the archive and the class or file at fault. */
public final class WarFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean explained;

    /** With the reason. */
    public WarFailedException(String message, Throwable cause) {
        this(message, cause, false);
    }

    /** With the reason. */
    public WarFailedException(String message) {
        super(message);
        explained = true;
    }

    private WarFailedException(String message, Throwable cause, boolean explained) {
        super(message, cause);
        this.explained = explained;
    }

    /** With a reason that leaves nothing to ask for. */
    static WarFailedException explained(String message, Throwable cause) {
        return new WarFailedException(message, cause, true);
    }

    /** Whether the message says all that there is to say, so that a trace would only hide it. */
    public boolean isExplained() {
        return explained;
    }
}
