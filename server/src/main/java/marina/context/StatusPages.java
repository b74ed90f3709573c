package marina.context;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import marina.config.ErrorPages;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.MimeTypes;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.StringUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answers that come from Marina itself: plain pages for people, JSON for clients that ask for it, never an
 * exception's text. Immutable.
 */
public final class StatusPages {
    private static final Logger LOG = LoggerFactory.getLogger(StatusPages.class);

    private static final String STYLE =
            ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;"
                    + "margin:18vh auto 0;padding:0 1.5rem}h1{font-size:1.4rem;margin:0 0 .5rem}p{opacity:.75;margin:0}";

    private final Supplier<String> maintenancePage;
    private final Supplier<ErrorPages> errorPages;
    private final Path base;

    /**
     * Pages of one server.
     *
     * @param maintenancePage the operator's own page while a context starts, relative to base; empty for the built-in
     */
    public StatusPages(Supplier<String> maintenancePage, Path base) {
        this(maintenancePage, () -> ErrorPages.NONE, base);
    }

    /**
     * Pages of one server, some of them the operator's own.
     *
     * @param errorPages take the place of the built-in ones
     */
    public StatusPages(Supplier<String> maintenancePage, Supplier<ErrorPages> errorPages, Path base) {
        this.errorPages = errorPages;
        this.maintenancePage = maintenancePage;
        this.base = base;
    }

    /** 404: nothing is mounted there. */
    public void notFound(Request request, Response response, Callback callback) {
        answer(new Page(404, "Not found", "There is nothing at this address."), request, response, callback);
    }

    /** 503 with Retry-After while a context starts; the page refreshes itself. */
    public void starting(Request request, Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.RETRY_AFTER, 2);
        String own = ownMaintenancePage();
        if (!own.isEmpty() && !wantsJson(request)) {
            send(503, MimeTypes.Type.TEXT_HTML_UTF_8.asString(), own, response, callback);
            return;
        }
        response.getHeaders().put("Refresh", "2");
        write(
                new Page(503, "Starting", "This application is starting. The page reloads by itself."),
                request,
                response,
                callback);
    }

    /** 503 with Retry-After: the context cannot be started for now. */
    public void unavailable(Duration retryAfter, Request request, Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.RETRY_AFTER, Math.max(1, retryAfter.toSeconds()));
        write(
                new Page(
                        503,
                        "Unavailable",
                        "This application cannot be started at the moment. Please try again later."),
                request,
                response,
                callback);
    }

    /** 502 or 504: the context's backend did not answer. */
    public void badGateway(int status, Request request, Response response, Callback callback) {
        String detail = status == HttpStatus.GATEWAY_TIMEOUT_504
                ? "The application took too long to answer."
                : "The application did not answer.";
        answer(new Page(status, HttpStatus.getMessage(status), detail), request, response, callback);
    }

    /** Any other error status, by its standard words only. */
    public void error(int status, Request request, Response response, Callback callback) {
        answer(new Page(status, HttpStatus.getMessage(status), ""), request, response, callback);
    }

    private String ownMaintenancePage() {
        String page = maintenancePage.get();
        if (page.isEmpty()) {
            return "";
        }
        try {
            return Files.readString(base.resolve(page));
        } catch (IOException e) {
            LOG.warn("maintenance.page {} cannot be read, the built-in page is shown: {}", page, e.toString());
            return "";
        }
    }

    /** With the operator's own page if there is one for people. */
    private void answer(Page page, Request request, Response response, Callback callback) {
        Optional<Path> own = errorPages.get().of(page.status);
        if (own.isPresent() && !wantsJson(request)) {
            try {
                String text = Files.readString(own.get());
                send(page.status, MimeTypes.Type.TEXT_HTML_UTF_8.asString(), text, response, callback);
                return;
            } catch (IOException e) {
                LOG.warn("error_pages: {} cannot be read, the built-in page is shown: {}", own.get(), e.toString());
            }
        }
        write(page, request, response, callback);
    }

    private static void write(Page page, Request request, Response response, Callback callback) {
        if (wantsJson(request)) {
            send(page.status, MimeTypes.Type.APPLICATION_JSON.asString(), page.json(), response, callback);
        } else if (wants(request, "text/plain")) {
            send(page.status, MimeTypes.Type.TEXT_PLAIN_UTF_8.asString(), page.text(), response, callback);
        } else {
            send(page.status, MimeTypes.Type.TEXT_HTML_UTF_8.asString(), page.html(), response, callback);
        }
    }

    private static boolean wantsJson(Request request) {
        return wants(request, "json");
    }

    private static boolean wants(Request request, String type) {
        HttpField accept = request.getHeaders().getField(HttpHeader.ACCEPT);
        return accept != null
                && accept.getValue().contains(type)
                && !accept.getValue().contains("html");
    }

    private static void send(int status, String type, String body, Response response, Callback callback) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.getBytes(StandardCharsets.UTF_8).length);
        Content.Sink.write(response, true, body, callback);
    }

    private record Page(int status, String title, String detail) {
        String html() {
            return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                    + "<meta name=\"viewport\" content=\"width=device-width\"><title>" + title + "</title><style>"
                    + STYLE + "</style></head><body><h1>" + StringUtil.sanitizeXmlString(title) + "</h1><p>"
                    + StringUtil.sanitizeXmlString(detail) + "</p></body></html>\n";
        }

        String text() {
            return status + " " + title + (detail.isEmpty() ? "" : "\n" + detail) + "\n";
        }

        String json() {
            return "{\"status\":" + status + ",\"error\":\"" + title + "\",\"message\":\"" + detail + "\"}\n";
        }
    }
}
