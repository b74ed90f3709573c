package marina.cgi;

/** What a script printed is no answer; the message says why, in the operator's words. */
final class BadHeadException extends Exception {
    private static final long serialVersionUID = 1;

    BadHeadException(String message) {
        super(message);
    }
}
