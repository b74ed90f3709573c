package marina.config;

/** A text is not what its key expects. The message continues the quoted text: {@code is not a duration; write e.g. 10m}. */
final class BadText extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Fault fault;

    private enum Fault {
        TEXT,
        UNDEFINED_NAME,
        MISSING_FILE
    }

    private BadText(String message, Fault fault) {
        super(message, null, false, false);
        this.fault = fault;
    }

    /** The text itself is wrong. */
    static BadText of(String message) {
        return new BadText(message, Fault.TEXT);
    }

    /** The text names a file or folder that is not there. */
    static BadText missing(String message) {
        return new BadText(message, Fault.MISSING_FILE);
    }

    /** The text uses a name that has no value. */
    static BadText undefined(String message) {
        return new BadText(message, Fault.UNDEFINED_NAME);
    }

    /** Whether a name has no value, which an app may leave to its contexts. */
    boolean isUndefinedName() {
        return fault == Fault.UNDEFINED_NAME;
    }

    /** Whether a file or folder is not there, which hooks may make before it is needed. */
    boolean isMissingFile() {
        return fault == Fault.MISSING_FILE;
    }
}
