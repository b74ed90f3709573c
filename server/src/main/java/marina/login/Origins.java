package marina.login;

import java.net.URI;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** Whether a request comes from a page of this server, from another one, or from a program. Pure. */
final class Origins {
    private static final String FETCH_SITE = "Sec-Fetch-Site";
    private static final String FETCH_MODE = "Sec-Fetch-Mode";

    private Origins() {}

    /** Whether the page of another server sends this form. A client that tells nothing is no browser of these days. */
    static boolean isForeign(Request request) {
        String site = request.getHeaders().get(FETCH_SITE);
        if (site != null) {
            return !site.equals("same-origin") && !site.equals("none");
        }
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        return origin != null && !authority(origin).equals(authority(request));
    }

    /** Whether the answer will be looked at by somebody who can fill in a form. */
    static boolean wantsPage(Request request) {
        String mode = request.getHeaders().get(FETCH_MODE);
        String accept = request.getHeaders().get(HttpHeader.ACCEPT);
        return isSafe(request)
                && accept != null
                && accept.contains("html")
                && (mode == null || mode.equals("navigate"))
                && !request.getHeaders().contains(HttpHeader.UPGRADE)
                && !"XMLHttpRequest".equalsIgnoreCase(request.getHeaders().get("X-Requested-With"));
    }

    static boolean isSafe(Request request) {
        return HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod());
    }

    /** Scheme, host and port as the client sees them. */
    static String base(Request request) {
        return (request.isSecure() ? "https://" : "http://") + authority(request);
    }

    private static String authority(Request request) {
        return authority(
                request.isSecure() ? "https" : "http", Request.getServerName(request), Request.getServerPort(request));
    }

    private static String authority(String origin) {
        try {
            URI uri = URI.create(origin);
            return authority(uri.getScheme(), uri.getHost(), uri.getPort());
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static String authority(@Nullable String scheme, @Nullable String host, int port) {
        if (host == null) {
            return "";
        }
        int usual = "https".equalsIgnoreCase(scheme) ? 443 : 80;
        return host.toLowerCase(Locale.ROOT) + (port <= 0 || port == usual ? "" : ":" + port);
    }
}
