package marina.console;

import java.net.URI;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Why a request that changes something may come from a stranger's page: browsers send passwords along that they have been told, and
 * links need no script. Programs that are no browsers say none of what is looked at here.
 */
final class Forgery {
    private static final String SITE = "Sec-Fetch-Site";

    private Forgery() {}

    /** For requests of a session or with a password; empty when there is no reason. */
    static Optional<String> reason(Visitor visitor, Request request) {
        if (visitor.bySession()) {
            boolean right = visitor.csrf().equals(request.getHeaders().get(Console.CSRF));
            return right ? Optional.empty() : Optional.of("the header " + Console.CSRF + " is missing or wrong");
        }
        return isFromElsewhere(request) ? Optional.of("a page of another site may not do that") : Optional.empty();
    }

    /**
     * For requests with a password that change something by GET. A page can keep a browser from saying where a link comes from
     * ({@code no-referrer}), and over plain HTTP it does not say {@code Sec-Fetch-Site}: such a link cannot be told from a forged one.
     */
    static Optional<String> reasonOfLink(Visitor visitor, Request request) {
        Optional<String> reason = reason(visitor, request);
        if (reason.isPresent() || !isSilentBrowser(request)) {
            return reason;
        }
        return Optional.of(
                "a browser that does not say which page asks may not do that; use the console, TLS, or a script");
    }

    /** By what browsers say (Fetch Metadata; RFC 6454, 7; RFC 9110, 10.1.3). */
    private static boolean isFromElsewhere(Request request) {
        String site = request.getHeaders().get(SITE);
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            return true;
        }
        return isForeign(HttpHeader.ORIGIN, request) || isForeign(HttpHeader.REFERER, request);
    }

    private static boolean isForeign(HttpHeader field, Request request) {
        String own = request.getHeaders().get(HttpHeader.HOST);
        for (HttpField page : request.getHeaders().getFields(field)) {
            if (own == null || !own.equalsIgnoreCase(authority(page.getValue()))) {
                return true;
            }
        }
        return false;
    }

    /** Empty when it has none, such as {@code null}. */
    private static String authority(@Nullable String page) {
        try {
            String authority = URI.create(page == null ? "" : page).getRawAuthority();
            return authority == null ? "" : authority;
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static boolean isSilentBrowser(Request request) {
        String agent = request.getHeaders().get(HttpHeader.USER_AGENT);
        boolean browser = agent != null
                && agent.startsWith("Mozilla/")
                && request.getHeaders()
                        .contains(HttpHeader.ACCEPT_LANGUAGE); // PowerShell has the first, no program both
        return browser
                && !request.getHeaders().contains(SITE)
                && !request.getHeaders().contains(HttpHeader.ORIGIN)
                && !request.getHeaders().contains(HttpHeader.REFERER);
    }
}
