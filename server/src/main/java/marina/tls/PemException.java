package marina.tls;

/** A PEM file does not hold what a listener needs. The message continues the file's name: {@code holds no certificate}. */
public final class PemException extends Exception {
    private static final long serialVersionUID = 1L;

    PemException(String message) {
        super(message);
    }

    /** With the reason and what is behind it. */
    public static PemException of(String message, Throwable cause) {
        return new PemException(message, cause);
    }

    PemException(String message, Throwable cause) {
        super(message, cause);
    }

    /** What is wrong, for a message. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
