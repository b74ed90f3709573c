package marina.export;

/** Something that cannot be exported. The message says what, where it is written, and what to do. */
public final class ExportException extends Exception {
    private static final long serialVersionUID = 1;

    ExportException(String message) {
        super(message);
    }
}
