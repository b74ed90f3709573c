package marina.database;

/** A copy of a database that could not be made or put back; the message says why and what to do. */
public final class BackupException extends Exception {
    private static final long serialVersionUID = 1L;

    BackupException(String message) {
        super(message);
    }

    BackupException(String message, Throwable cause) {
        super(message, cause);
    }
}
