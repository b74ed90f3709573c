package marina.config;

import java.util.Objects;

/**
 * An address to listen on. Two are equal when they ask for the same, wherever it is written.
 *
 * @param host interface to bind, empty for all
 * @param port 0 lets the system choose; without meaning for a Unix socket
 * @param socket path of a Unix socket to listen on instead, empty for host and port
 * @param tls the certificate, or {@link TlsConfig#NONE} for plain HTTP
 * @param source where the operator wrote it, the whole server file for the default; no part of equality
 */
public record ListenConfig(String host, int port, String socket, TlsConfig tls, SourceLocation source) {

    /** Plain HTTP on host and port. */
    public ListenConfig(String host, int port, SourceLocation source) {
        this(host, port, "", TlsConfig.NONE, source);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ListenConfig that
                && host.equals(that.host)
                && port == that.port
                && socket.equals(that.socket)
                && tls.equals(that.tls);
    }

    @Override
    public int hashCode() {
        return Objects.hash(host, port, socket, tls);
    }
}
