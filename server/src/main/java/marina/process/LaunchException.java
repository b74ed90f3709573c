package marina.process;

/** A process could not be started; the message says what was tried and what to do. */
public final class LaunchException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Made by {@link ProcessLauncher}. */
    public LaunchException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Made by {@link ProcessLauncher}. */
    public LaunchException(String message) {
        super(message);
    }
}
