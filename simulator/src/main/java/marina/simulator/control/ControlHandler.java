package marina.simulator.control;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import marina.simulator.journal.Journal;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.ajax.JSON;
import org.jspecify.annotations.Nullable;

/** GET /api/state, GET /api/events, POST /api/machines/ID/ACTION, POST /api/dns, and the page. Thread-safe. */
final class ControlHandler extends Handler.Abstract {

    private static final Pattern MACHINE = Pattern.compile("/api/machines/([^/]+)/([a-z]+)");
    private static final Pattern LOOPBACK = Pattern.compile("(127(\\.\\d+){3}|localhost|\\[::1])(:\\d+)?");
    private static final Map<String, String> PAGE = Map.of(
            "/", "index.html",
            "/page.js", "page.js",
            "/map.js", "map.js",
            "/land.js", "land.js",
            "/page.css", "page.css",
            "/icon.svg", "icon.svg");
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    private final StateReport report;
    private final Commands commands;
    private final Journal journal;

    ControlHandler(StateReport report, Commands commands, Journal journal) {
        this.report = report;
        this.commands = commands;
        this.journal = journal;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String path = Request.getPathInContext(request);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        response.getHeaders().put("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'");
        if (!isFromHere(request)) {
            json(response, callback, 403, error("only for pages and programs of this machine"));
        } else if (request.getMethod().equals("POST")) {
            command(path, request, response, callback);
        } else if (path.equals("/api/state")) {
            json(response, callback, 200, report.now());
        } else if (path.equals("/api/events")) {
            json(response, callback, 200, events(request));
        } else if (PAGE.containsKey(path)) {
            file(PAGE.getOrDefault(path, ""), response, callback);
        } else {
            json(response, callback, 404, error("there is only /, /api/state and /api/events"));
        }
        return true;
    }

    /** No page of another site may press the buttons, whatever name it has given this address. */
    private static boolean isFromHere(Request request) {
        String host = String.valueOf(request.getHeaders().get(HttpHeader.HOST));
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        return LOOPBACK.matcher(host).matches() && (origin == null || origin.equals("http://" + host));
    }

    private void command(String path, Request request, Response response, Callback callback) throws IOException {
        Map<?, ?> body = Map.of();
        String text = Content.Source.asString(request, StandardCharsets.UTF_8);
        try {
            if (!text.isBlank() && new JSON().fromJSON(text) instanceof Map<?, ?> map) {
                body = map;
            }
            Matcher machine = MACHINE.matcher(path);
            if (machine.matches()) {
                commands.machine(machine.group(1), machine.group(2), body);
            } else if (path.equals("/api/dns")) {
                commands.dns(body);
            } else {
                throw new CommandException(404, "POST goes to /api/machines/ID/ACTION or /api/dns");
            }
            json(response, callback, 200, report.now());
        } catch (CommandException e) {
            json(response, callback, e.status(), error(String.valueOf(e.getMessage())));
        } catch (IllegalStateException e) {
            json(response, callback, 400, error("the body is not JSON"));
        }
    }

    private Object events(Request request) {
        Fields query = Request.extractQueryParameters(request);
        String after = query.getValue("after");
        String id = query.getValue("request");
        String kind = query.getValue("kind");
        List<Map<String, Object>> found = journal.after(
                after != null && after.matches("\\d{1,15}") ? Long.parseLong(after) : 0,
                event -> fits(event.get("request"), id) && fits(event.get("kind"), kind));
        return found.toArray();
    }

    private static boolean fits(@Nullable Object value, @Nullable String wanted) {
        return wanted == null || wanted.equals(value);
    }

    private static void file(String name, Response response, Callback callback) throws IOException {
        String type = TYPES.getOrDefault(name.substring(name.indexOf('.') + 1), "text/plain");
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        try (InputStream input = ControlHandler.class.getResourceAsStream("page/" + name)) {
            if (input == null) {
                throw new IOException("the page is missing from the jar: " + name);
            }
            response.write(true, ByteBuffer.wrap(input.readAllBytes()), callback);
        }
    }

    private static Map<String, Object> error(String message) {
        Map<String, Object> found = new LinkedHashMap<>();
        found.put("error", message);
        return found;
    }

    private static void json(Response response, Callback callback, int status, Object body) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        Content.Sink.write(response, true, new JSON().toJSON(body), callback);
    }
}
