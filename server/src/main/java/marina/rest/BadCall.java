package marina.rest;

/** A call that cannot be answered as it is; the message is one line for whoever has made it. */
public class BadCall extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;

    /**
     * A refusal.
     *
     * @param status of HTTP
     */
    public BadCall(int status, String message) {
        super(message);
        this.status = status;
    }

    /** The status of HTTP. */
    public final int status() {
        return status;
    }

    /** The message. */
    public final String line() {
        return String.valueOf(getMessage());
    }
}
