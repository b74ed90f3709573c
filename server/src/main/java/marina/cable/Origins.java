package marina.cable;

import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Whether the page of a browser may open a socket. Browsers send cookies and passwords along whatever page asks, and they always
 * tell its origin (RFC 6455 section 10.2); what sends none is no browser.
 */
final class Origins {
    private static final String ANY = "*";
    private static final String BELOW = "://*.";

    private Origins() {}

    static boolean mayOpen(Request request, List<String> others) {
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        if (origin == null) {
            return true;
        }
        String lower = origin.toLowerCase(Locale.ROOT);
        return isOwn(lower, request) || others.stream().anyMatch(other -> covers(other, lower));
    }

    /** A page that came over TLS may well talk to a server that sees plain HTTP from the proxy before it, but not the reverse. */
    private static boolean isOwn(String origin, Request request) {
        String prefix = origin.startsWith("https://") ? "https://" : request.isSecure() ? null : "http://";
        if (prefix == null || !origin.startsWith(prefix)) {
            return false;
        }
        int usualPort = prefix.equals("https://") ? 443 : 80;
        String site = withPort(origin.substring(prefix.length()), usualPort);
        String host = host(request);
        return host != null && site.equals(withPort(host.toLowerCase(Locale.ROOT), usualPort));
    }

    private static @Nullable String host(Request request) {
        String host = request.getHeaders().get(HttpHeader.HOST);
        return host != null ? host : request.getHttpURI().getAuthority();
    }

    private static String withPort(String authority, int usual) {
        boolean hasPort = authority.lastIndexOf(':') > authority.lastIndexOf(']');
        return hasPort ? authority : authority + ":" + usual;
    }

    private static boolean covers(String allowed, String origin) {
        int star = allowed.indexOf(BELOW);
        if (star < 0) {
            return allowed.equals(ANY) || allowed.equals(origin);
        }
        String scheme = allowed.substring(0, star + 3);
        String domain = allowed.substring(star + BELOW.length() - 1);
        return origin.startsWith(scheme)
                && origin.endsWith(domain)
                && origin.length() > scheme.length() + domain.length();
    }
}
