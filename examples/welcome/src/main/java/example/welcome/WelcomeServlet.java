package example.welcome;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Answers {@code /} with the overview of the server and every other path, for which no context is mounted, with 404.
 * The container also comes here to show its own errors.
 */
public final class WelcomeServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Integer status = (Integer) request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        if (status != null) {
            fail(response, status);
        } else if (!request.getServletPath().equals("/")) {
            fail(response, HttpServletResponse.SC_NOT_FOUND);
        } else if (request.getMethod().equals("GET") || request.getMethod().equals("HEAD")) {
            write(response, WelcomePage.welcome(ServerOverview.now()));
        } else {
            response.setHeader("Allow", "GET, HEAD");
            fail(response, HttpServletResponse.SC_METHOD_NOT_ALLOWED);
        }
    }

    private static void fail(HttpServletResponse response, int status) throws IOException {
        response.setStatus(status);
        String page =
                switch (status) {
                    case 404 -> WelcomePage.failure(
                            status, "Nothing is mounted here", "No context answers at this address.");
                    case 405 -> WelcomePage.failure(
                            status, "This page can only be read", "It takes nothing that is sent to it.");
                    default -> WelcomePage.failure(
                            status, "That did not work", "The server could not answer this request; its log says why.");
                };
        write(response, page);
    }

    private static void write(HttpServletResponse response, String page) throws IOException {
        response.setHeader("Content-Security-Policy", Look.POLICY);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "same-origin");
        response.setHeader("Cache-Control", "no-store");
        response.setContentType("text/html");
        response.setCharacterEncoding("UTF-8");
        response.getWriter().write(page);
    }
}
