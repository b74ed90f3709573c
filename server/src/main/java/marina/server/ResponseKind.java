package marina.server;

import java.util.Locale;
import marina.config.Content;
import marina.config.LogConfig;
import marina.context.MountedContext;
import marina.metrics.Journey;
import marina.proxy.Abandoned;
import marina.valve.Access;
import marina.valve.ReplayValve;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/** Who has answered a request, as Navigator's access log says it. */
enum ResponseKind {
    PROXY,
    STATIC,
    REDIRECT,
    FLY_REPLAY,
    AUTH_FAILURE,
    ERROR,
    MAINTENANCE,
    WEBSOCKET,
    BROADCAST,
    CGI,
    CLIENT_CLOSED,
    BOT_BLOCKED;

    /** As it is written. */
    String text() {
        String name = name().toLowerCase(Locale.ROOT);
        return this == CLIENT_CLOSED ? name : name.replace('_', '-');
    }

    /** Whether any log of a configuration says who has answered. */
    static boolean areToldBy(LogConfig log) {
        return log.vector().enabled() || !log.access().equals("off");
    }

    /** Who is about to answer; a later word replaces an earlier one. */
    void mark(Request request) {
        Journey.of(request).kind(this);
    }

    /** The content of a context is about to answer. */
    static void mark(Request request, MountedContext context) {
        context.config()
                .content()
                .fold(new Content.Cases<>(
                        war -> PROXY, command -> PROXY, upstream -> PROXY, files -> STATIC, cgi -> CGI))
                .mark(request);
    }

    private static @Nullable ResponseKind atTheDoor(Request request) {
        return switch (Journey.of(request).door()) {
            case OPEN -> null;
            case FILES -> STATIC;
            case MAINTENANCE -> MAINTENANCE;
            case CRAWLERS -> BOT_BLOCKED;
        };
    }

    /** Who has answered; null when that is none of these. */
    static @Nullable ResponseKind of(Request request, Response response) {
        int status = response.getStatus();
        if (Abandoned.is(request) || status == Abandoned.STATUS) {
            return CLIENT_CLOSED;
        }
        if (Access.wasRejected(request)) {
            return BOT_BLOCKED;
        }
        if (status == 101) {
            return WEBSOCKET;
        }
        Object decision = request.getAttribute(ReplayValve.DECISION);
        if (decision != null && decision.toString().startsWith("replay")) {
            return FLY_REPLAY;
        }
        ResponseKind door = atTheDoor(request);
        if (door != null) {
            return door;
        }
        Object marked = Journey.of(request).kind();
        if (marked instanceof ResponseKind kind && (kind != STATIC || status < 300 || status == 304 || status == 404)) {
            return kind;
        }
        if (status == 401) {
            return AUTH_FAILURE;
        }
        if (status > 300 && status < 400 && status != 304) {
            return REDIRECT;
        }
        return status >= 400 ? ERROR : null;
    }
}
