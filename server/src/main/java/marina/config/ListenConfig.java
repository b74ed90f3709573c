package marina.config;

/**
 * An address to listen on.
 *
 * @param host interface to bind, empty for all
 * @param port 0 lets the system choose; without meaning for a Unix socket
 * @param socket path of a Unix socket to listen on instead, empty for host and port
 * @param tls the certificate, or {@link TlsConfig#NONE} for plain HTTP
 */
public record ListenConfig(String host, int port, String socket, TlsConfig tls) {

    /** Plain HTTP on host and port. */
    public ListenConfig(String host, int port) {
        this(host, port, "", TlsConfig.NONE);
    }
}
