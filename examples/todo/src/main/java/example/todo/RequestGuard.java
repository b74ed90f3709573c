package example.todo;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Set;

/**
 * Refuses requests that another site made a browser send, and tells browsers to load and run nothing foreign.
 *
 * <p>Against cross-site requests it asks the browser instead of keeping a token: every current browser sends
 * {@code Sec-Fetch-Site}, and on plain HTTP, where that header is absent, {@code Origin} with each POST; a page can
 * forge neither. So the application needs no session, no cookie and no secret, a form still works after a restart, and
 * one that has been open for a week does too. A client that sends neither header is no browser, and holds no cookie or
 * password of a user that could be abused.
 */
public final class RequestGuard extends HttpFilter {
    private static final long serialVersionUID = 1L;
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");
    private static final String POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self';"
            + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        response.setHeader("Content-Security-Policy", POLICY);
        response.setHeader("X-Content-Type-Options", "nosniff");
        // Not no-referrer: with that, browsers send "Origin: null" with the page's own forms.
        response.setHeader("Referrer-Policy", "same-origin");
        if (request.getDispatcherType() == DispatcherType.REQUEST
                && !SAFE.contains(request.getMethod())
                && !isOwn(request)) {
            response.sendError(HttpServletResponse.SC_FORBIDDEN);
        } else {
            chain.doFilter(request, response);
        }
    }

    private static boolean isOwn(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null) {
            return site.equals("same-origin") || site.equals("none");
        }
        String origin = request.getHeader("Origin");
        return origin == null || authority(origin).equalsIgnoreCase(request.getHeader("Host"));
    }

    private static String authority(String origin) {
        try {
            String authority = URI.create(origin).getRawAuthority();
            return authority == null ? "" : authority;
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
