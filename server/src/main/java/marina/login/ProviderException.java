package marina.login;

/** A provider could not be asked, or what it says cannot be believed. The message is for the operator. */
final class ProviderException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean refused;

    private ProviderException(String message, boolean refused) {
        super(message, null, false, false);
        this.refused = refused;
    }

    /** Nobody can log in for now. */
    static ProviderException unavailable(String message) {
        return new ProviderException(message, false);
    }

    /** This login is refused; another may be accepted. */
    static ProviderException refused(String message) {
        return new ProviderException(message, true);
    }

    boolean isRefused() {
        return refused;
    }
}
