package marina.connection;

import java.net.URI;

/** Reads the addresses of backends: {@code http://host:port}, {@code https://…}, {@code unix:/path/of/the/socket}. Pure. */
final class Origins {
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    private Origins() {}

    static boolean isUnix(URI origin) {
        return "unix".equals(origin.getScheme());
    }

    static boolean isTls(URI origin) {
        return "https".equalsIgnoreCase(origin.getScheme());
    }

    /** Without the brackets of IPv6. */
    static String host(URI origin) {
        String host = origin.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    static int port(URI origin) {
        if (origin.getPort() > 0) {
            return origin.getPort();
        }
        return isTls(origin) ? HTTPS : HTTP;
    }

    /** Whether the host is an address, which nobody has to be asked for. */
    static boolean isLiteral(URI origin) {
        String host = origin.getHost();
        return host.startsWith("[") || host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
    }
}
