package example.todo;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;

/**
 * The list and everything that can be done to it.
 *
 * <pre>
 * GET  /           the page                     POST /items       text=…             add
 * GET  /items      the list as JSON             POST /items/{id}  do=done|open|delete
 * GET  /health     "ok", without the database   POST /clear                          delete all that is done
 * </pre>
 *
 * A POST that asks for JSON gets the new list; any other gets 303 back to the page, so that reloading repeats nothing.
 */
public final class TodoServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final String ITEMS = "/items";

    private final transient TodoStore store = new TodoStore(TodoServlet::connect);

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Cache-Control", "private, no-cache");
        String path = request.getServletPath();
        try {
            if (path.equals("/")) {
                respond(response, "text/html", new TodoPage(request.getContextPath()).render(store.list()));
            } else if (path.equals(ITEMS)) {
                respond(response, "application/json", Json.of(store.list()));
            } else if (path.equals("/health")) {
                respond(response, "text/plain", "ok\n");
            } else if (path.equals("/clear") || path.startsWith(ITEMS + "/")) {
                response.setHeader("Allow", "POST");
                response.sendError(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
            } else {
                response.sendError(HttpServletResponse.SC_NOT_FOUND);
            }
        } catch (SQLException e) {
            unavailable(response, e);
        }
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Cache-Control", "no-store");
        String path = request.getServletPath();
        try {
            if (path.equals(ITEMS)) {
                add(request, response);
            } else if (path.equals("/clear")) {
                store.clearDone();
                done(request, response, "");
            } else if (path.startsWith(ITEMS + "/")) {
                change(path.substring(ITEMS.length() + 1), request, response);
            } else {
                response.sendError(HttpServletResponse.SC_NOT_FOUND);
            }
        } catch (SQLException e) {
            unavailable(response, e);
        }
    }

    private void add(HttpServletRequest request, HttpServletResponse response) throws IOException, SQLException {
        String typed = request.getParameter("text");
        try {
            store.add(ItemText.of(typed == null ? "" : typed));
            done(request, response, "");
        } catch (InvalidTextException e) {
            response.setStatus(422);
            String message = String.valueOf(e.getMessage());
            if (Json.isWanted(request)) {
                respond(response, "application/json", Json.error(message));
            } else {
                TodoPage page = new TodoPage(request.getContextPath(), message, typed == null ? "" : typed);
                respond(response, "text/html", page.render(store.list()));
            }
        }
    }

    private void change(String id, HttpServletRequest request, HttpServletResponse response)
            throws IOException, SQLException {
        String action = request.getParameter("do");
        if ("done".equals(action) || "open".equals(action)) {
            store.tick(id, action.equals("done"));
            // Without JavaScript the browser comes back to the row that was ticked, not to the top of a long list.
            done(request, response, "#" + TodoPage.rowId(id));
        } else if ("delete".equals(action)) {
            store.delete(id);
            done(request, response, "");
        } else {
            response.sendError(HttpServletResponse.SC_BAD_REQUEST);
        }
    }

    private void done(HttpServletRequest request, HttpServletResponse response, String fragment)
            throws IOException, SQLException {
        if (Json.isWanted(request)) {
            respond(response, "application/json", Json.of(store.list()));
        } else {
            response.setStatus(HttpServletResponse.SC_SEE_OTHER);
            response.setHeader("Location", request.getContextPath() + "/" + fragment);
        }
    }

    private void unavailable(HttpServletResponse response, SQLException e) throws IOException {
        getServletContext().log("Todo list has no database: look at the DATABASE_URL of its context", e);
        response.setHeader("Retry-After", "5");
        response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
    }

    private static void respond(HttpServletResponse response, String type, String body) throws IOException {
        response.setContentType(type);
        response.setCharacterEncoding("UTF-8");
        response.getWriter().write(body);
    }

    @SuppressWarnings("BanJNDI") // a fixed name of this application's own java:comp, where only its server can bind
    private static Connection connect() throws SQLException {
        try {
            return ((DataSource) new InitialContext().lookup("java:comp/env/jdbc/default")).getConnection();
        } catch (NamingException e) {
            throw new SQLException("no DataSource at java:comp/env/jdbc/default", e);
        }
    }
}
