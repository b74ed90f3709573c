package example.todo;

/** What the user typed cannot become an item; the message tells the user why and what to do. */
final class InvalidTextException extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidTextException(String message) {
        super(message);
    }
}
