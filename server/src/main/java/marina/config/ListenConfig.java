package marina.config;

import java.util.Objects;

/**
 * An address to listen on. Two are equal when they ask for the same, wherever it is written.
 *
 * @param host interface to bind, empty for all
 * @param port 0 lets the system choose; without meaning for a Unix socket
 * @param socket path of a Unix socket to listen on instead, empty for host and port
 * @param mode permissions of the socket file, as in chmod(2)
 * @param tls the certificates, or {@link TlsConfig#NONE} for plain HTTP
 * @param proxyProtocol whether every connection must begin with a header of the PROXY protocol
 * @param redirect whether requests are sent on to https
 * @param source where the operator wrote it, the whole server file for the default; no part of equality
 */
public record ListenConfig(
        String host,
        int port,
        String socket,
        int mode,
        TlsConfig tls,
        boolean proxyProtocol,
        RedirectConfig redirect,
        SourceLocation source) {

    /** Permissions of a socket file where none are written: its owner and its group. */
    public static final int DEFAULT_MODE = 0660;

    /** Plain HTTP on host and port. */
    public ListenConfig(String host, int port, SourceLocation source) {
        this(host, port, "", DEFAULT_MODE, TlsConfig.NONE, false, RedirectConfig.NONE, source);
    }

    /** Plain HTTP on a Unix socket. */
    static ListenConfig unix(String socket, SourceLocation source) {
        return new ListenConfig("", 0, socket, DEFAULT_MODE, TlsConfig.NONE, false, RedirectConfig.NONE, source);
    }

    /** Whether it is a Unix socket. */
    public boolean isUnix() {
        return !socket.isEmpty();
    }

    /** Whether it speaks TLS. */
    public boolean isTls() {
        return !tls.equals(TlsConfig.NONE);
    }

    /** Whether both can be the same socket: what else differs can be changed while it is open. */
    public boolean hasSameSocket(ListenConfig other) {
        return address().equals(other.address())
                && mode == other.mode
                && isTls() == other.isTls()
                && proxyProtocol == other.proxyProtocol;
    }

    /** The address as operators write it: {@code 8080}, {@code 127.0.0.1:8080} or {@code unix:run/http.sock}. */
    public String address() {
        if (isUnix()) {
            return "unix:" + socket;
        }
        String bracketed = host.contains(":") ? "[" + host + "]" : host;
        return host.isEmpty() ? Integer.toString(port) : bracketed + ":" + port;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ListenConfig that
                && hasSameSocket(that)
                && tls.equals(that.tls)
                && redirect.equals(that.redirect);
    }

    @Override
    public int hashCode() {
        return Objects.hash(address(), tls, redirect);
    }
}
