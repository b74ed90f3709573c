package example.gameserver;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Answers with the page of the lobby or of the arena, and, where the container comes back with an error, with a page for that. */
public final class GameServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        // Which machine answers is written into the page: no cache may keep it.
        response.setHeader("Cache-Control", "no-store");
        Pages pages = new Pages(request.getContextPath(), GameStart.settings(getServletContext()));
        Integer status = (Integer) request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        String path = request.getServletPath();
        if (status != null) {
            write(response, "text/html", pages.failure(status));
        } else if (!path.equals("/") && !path.equals("/health")) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
        } else if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
            response.setHeader("Allow", "GET, HEAD");
            response.sendError(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
        } else if (path.equals("/health")) {
            write(response, "text/plain", "ok\n");
        } else {
            write(response, "text/html", pages.page());
        }
    }

    private static void write(HttpServletResponse response, String type, String body) throws IOException {
        response.setContentType(type);
        response.setCharacterEncoding("UTF-8");
        response.getWriter().write(body);
    }
}
