package example.todo;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Answers every error of this application, as a page or, where the client wants that, as JSON. Says what the user can
 * do and nothing of what went wrong inside: that is in the log.
 */
public final class FailureServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Integer status = (Integer) request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        if (status == null) {
            // Somebody asked for this address itself; the container comes back here with the attribute set.
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        Failure failure = Failure.of(status);
        response.setHeader("Cache-Control", "no-store");
        response.setCharacterEncoding("UTF-8");
        if (Json.isWanted(request)) {
            response.setContentType("application/json");
            response.getWriter().write(Json.error(failure.title() + ". " + failure.advice()));
        } else {
            response.setContentType("text/html");
            response.getWriter().write(TodoPage.failure(request.getContextPath(), status, failure));
        }
    }

    /**
     * What to tell the user.
     *
     * @param title without a full stop
     * @param advice one or two sentences
     */
    record Failure(String title, String advice) {
        static Failure of(int status) {
            return switch (status) {
                case 400 -> new Failure("That request made no sense", "Go back to the list and try again.");
                case 403 -> new Failure(
                        "That came from another site",
                        "Lists can only be changed from their own page. Open the list and do it there.");
                case 404 -> new Failure("Nothing here", "This page does not exist. The list does.");
                case 405 -> new Failure("Not like this", "This address only takes what the list's own page sends.");
                case 503 -> new Failure(
                        "The list cannot be reached",
                        "Its database does not answer. Nothing is lost; try again in a moment.");
                default -> new Failure(
                        "Something went wrong", "It has been written to the log. Try again in a moment.");
            };
        }
    }
}
