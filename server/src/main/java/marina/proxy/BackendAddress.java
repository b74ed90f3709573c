package marina.proxy;

import java.net.URI;
import java.nio.file.Path;
import org.eclipse.jetty.io.Transport;

/**
 * How to reach a backend.
 *
 * @param http scheme, host and port for Jetty; behind a Unix socket only a stand-in, since connections are kept apart by
 *     their transport too
 * @param transport TCP, or the Unix socket with its path
 */
record BackendAddress(URI http, Transport transport) {
    private static final String UNIX = "unix";
    private static final URI STAND_IN = URI.create("http://localhost");

    /** Of {@code http://host:port} or {@code unix:/path/of/the/socket}. */
    static BackendAddress of(URI origin) {
        return UNIX.equals(origin.getScheme())
                ? new BackendAddress(STAND_IN, new Transport.TCPUnix(Path.of(origin.getPath())))
                : new BackendAddress(origin, Transport.TCP_IP);
    }

    /** Whether an address is one of a backend. */
    static boolean isValid(URI origin) {
        return UNIX.equals(origin.getScheme())
                ? origin.getPath() != null && origin.getPath().startsWith("/")
                : origin.getScheme() != null && origin.getHost() != null;
    }
}
