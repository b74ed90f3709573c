package marina.config;

/**
 * Whether a plain listener sends its clients on to https.
 *
 * @param enabled whether it does
 * @param port the port that clients use for https; 0 for that of the first listener with TLS
 */
public record RedirectConfig(boolean enabled, int port) {

    /** Serves what it is asked for. */
    public static final RedirectConfig NONE = new RedirectConfig(false, 0);
}
