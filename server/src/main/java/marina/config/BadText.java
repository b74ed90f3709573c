package marina.config;

/** A text is not what its key expects. The message continues the quoted text: {@code is not a duration; write e.g. 10m}. */
final class BadText extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean undefinedName;

    private BadText(String message, boolean undefinedName) {
        super(message, null, false, false);
        this.undefinedName = undefinedName;
    }

    /** The text itself is wrong. */
    static BadText of(String message) {
        return new BadText(message, false);
    }

    /** The text uses a name that has no value. */
    static BadText undefined(String message) {
        return new BadText(message, true);
    }

    /** Whether a name has no value, which an app may leave to its contexts. */
    boolean isUndefinedName() {
        return undefinedName;
    }
}
