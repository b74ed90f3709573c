package marina.backend;

/** The backend has been retired: look the path up again, another one may have taken its place. */
public final class BackendRetiredException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** For the backend of this name. */
    public BackendRetiredException(String name) {
        super("The backend of " + name + " has been taken out of service");
    }
}
