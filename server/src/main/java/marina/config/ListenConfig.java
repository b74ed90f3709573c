package marina.config;

/**
 * An address to listen on.
 *
 * @param host interface to bind, empty for all
 * @param port 0 lets the system choose
 */
public record ListenConfig(String host, int port) {}
