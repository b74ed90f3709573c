package marina.console;

import java.util.LinkedHashMap;
import java.util.Map;
import marina.rest.BodyTransfer;
import marina.rest.Call;
import marina.rest.Rest;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ajax.JSON;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs browsers in and out. Thread-safe. */
final class Login {
    private static final Logger LOG = LoggerFactory.getLogger(Login.class);
    private static final int MOST_BYTES = 8 * 1024;

    private final Doorkeeper door;

    Login(Doorkeeper door) {
        this.door = door;
    }

    /** Reads name and password from the body, which must be JSON: no form of a stranger's page can send that. */
    void in(String prefix, Request request, Response response, Callback callback) {
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        if (type == null || !type.startsWith("application/json")) {
            Rest.refuse(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE_415,
                    "write JSON, with Content-Type: application/json",
                    response,
                    callback);
            return;
        }
        var unused = BodyTransfer.text(request, MOST_BYTES)
                .whenComplete((body, failure) -> request.getContext().execute(() -> {
                    if (failure == null) {
                        in(prefix, body, request, response, callback);
                    } else {
                        unreadable(response, callback);
                    }
                }));
    }

    private void in(String prefix, String body, Request request, Response response, Callback callback) {
        Object json;
        try {
            json = new JSON().fromJSON(body);
        } catch (RuntimeException | StackOverflowError e) { // brackets in brackets
            json = null;
        }
        if (!(json instanceof Map<?, ?> map)
                || !(map.get("user") instanceof String user)
                || !(map.get("password") instanceof String password)) {
            unreadable(response, callback);
            return;
        }
        var unused = door.verify(user, password, request)
                .whenComplete((visitor, failure) -> request.getContext().execute(() -> {
                    if (failure != null) {
                        LOG.warn("Login of {} from {} refused", quoted(user), Request.getRemoteAddr(request));
                        Refusals.answer(failure, response, callback);
                    } else if (!visitor.has(Role.GUI) && !visitor.has(Role.STATUS)) {
                        Rest.refuse(
                                HttpStatus.FORBIDDEN_403,
                                user + " has neither the role manager nor manager-gui",
                                response,
                                callback);
                    } else {
                        welcome(prefix, visitor, request, response, callback);
                    }
                }));
    }

    private void welcome(String prefix, Visitor visitor, Request request, Response response, Callback callback) {
        ConsoleSessions.Session session = door.begin(visitor);
        LOG.info("Login of {} from {}", quoted(visitor.user()), Request.getRemoteAddr(request));
        cookie(prefix, session.id(), -1, request, response);
        Visitor known = new Visitor(visitor.user(), visitor.roles(), true, session.csrf());
        Call.json(HttpStatus.OK_200, describe(known), response, callback);
    }

    /** Ends the session. */
    void out(String prefix, Request request, Response response, Callback callback) {
        door.end(request);
        cookie(prefix, "", 0, request, response);
        Call.json(
                HttpStatus.OK_200,
                Map.of("succeeded", true, "messages", new String[] {"logged out"}),
                response,
                callback);
    }

    /** Who is logged in. */
    static Map<String, Object> describe(Visitor visitor) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("user", visitor.user());
        json.put("csrf", visitor.csrf());
        json.put("roles", visitor.roles().stream().map(Role::toString).toList());
        return json;
    }

    private static void cookie(String prefix, String value, int age, Request request, Response response) {
        Response.addCookie(
                response,
                HttpCookie.build(Doorkeeper.cookie(request), value)
                        .path(prefix + Rest.ROOT)
                        .httpOnly(true)
                        .secure(request.isSecure())
                        .sameSite(HttpCookie.SameSite.STRICT)
                        .maxAge(age)
                        .build());
    }

    private static void unreadable(Response response, Callback callback) {
        Rest.refuse(
                HttpStatus.BAD_REQUEST_400,
                "the body is not what is expected; write {\"user\": \"…\", \"password\": \"…\"}",
                response,
                callback);
    }

    /** Without what would make another line of the log. */
    private static String quoted(String user) {
        String shown = user.length() > 100 ? user.substring(0, 100) + "…" : user;
        return '"' + shown.replaceAll("\\p{Cntrl}", "?") + '"';
    }
}
