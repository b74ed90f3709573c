package marina.context;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import marina.backend.BackendUnavailableException;
import marina.backend.StartProgress;
import marina.config.PagesConfig;
import marina.valve.FleetAnswers;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.MimeTypes;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answers that come from Marina itself: plain pages for people, JSON for clients that ask for it, never an
 * exception's text; or pages of the operator. Thread-safe.
 */
public final class StatusPages {
    private static final Logger LOG = LoggerFactory.getLogger(StatusPages.class);

    /** After how long it makes sense to look again whether maintenance is over. */
    private static final int MAINTENANCE_SECONDS = 60;

    private static final int WAKING_SECONDS = 5;

    /** After how long it makes sense to look again whether a server answers. */
    private static final int UNAVAILABLE_SECONDS = 5;

    private final Supplier<PagesConfig> ofServer;
    private final Function<Request, PagesConfig> ofContext;

    /**
     * Pages of one server.
     *
     * @param ofServer the operator's pages, which take the place of the built-in ones
     * @param ofContext those of the context that a request asks for, which come before them
     */
    public StatusPages(Supplier<PagesConfig> ofServer, Function<Request, PagesConfig> ofContext) {
        this.ofServer = ofServer;
        this.ofContext = ofContext;
    }

    /** Whether the operator has closed the server, so that what says nothing else shows its maintenance page. */
    boolean isServerClosed() {
        return ofServer.get().isClosed();
    }

    private PagesConfig own(Request request) {
        return ofContext.apply(request).over(ofServer.get());
    }

    /** 404: nothing is mounted there. */
    public void notFound(Request request, Response response, Callback callback) {
        answer(new StatusPage(404, "Not found", "There is nothing at this address."), request, response, callback);
    }

    /**
     * 503 with Retry-After while a context starts. The page refreshes itself, unless the request was one that must not
     * be turned into a GET.
     *
     * @param context its path
     */
    public void starting(
            String context, StartProgress progress, Request request, Response response, Callback callback) {
        long patience = WaitingPages.patience(progress).toSeconds();
        response.getHeaders().put(HttpHeader.RETRY_AFTER, patience);
        boolean json = wantsJson(request);
        if (!json && sendOwn(503, own(request).maintenancePage(), response, callback)) {
            return;
        }
        boolean harmless = HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod());
        boolean refreshes = harmless && !json;
        if (refreshes) {
            response.getHeaders().put("Refresh", Long.toString(patience));
        }
        write(WaitingPages.starting(context, progress, refreshes, harmless), request, response, callback);
    }

    /** 503 with Retry-After: the operator has closed the server for a while. */
    public void maintenance(Request request, Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.RETRY_AFTER, MAINTENANCE_SECONDS);
        if (!wantsJson(request) && sendOwn(503, own(request).maintenancePage(), response, callback)) {
            return;
        }
        write(
                new StatusPage(503, "Maintenance", "This server is being worked on. Please try again later."),
                request,
                response,
                callback);
    }

    /**
     * 503 with Retry-After: a context cannot be used for now.
     *
     * @param context its path
     */
    public void refused(
            String context,
            BackendUnavailableException refusal,
            Request request,
            Response response,
            Callback callback) {
        response.getHeaders()
                .put(HttpHeader.RETRY_AFTER, WaitingPages.retryAfter(refusal).toSeconds());
        write(WaitingPages.refused(context, refusal), request, response, callback);
    }

    /** 503 with Retry-After: the server is about to stop. */
    public void stopping(Request request, Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.RETRY_AFTER, 1);
        write(
                new StatusPage(503, "Unavailable", "The server is stopping. Please try again later."),
                request,
                response,
                callback);
    }

    /** 503 with Retry-After: the machine has slept and is not ready yet. The page asks again. */
    public void waking(Request request, Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.RETRY_AFTER, WAKING_SECONDS);
        if (!wantsJson(request) && sendOwn(503, own(request).maintenancePage(), response, callback)) {
            return;
        }
        if (HttpMethod.GET.is(request.getMethod()) && !wantsJson(request)) {
            response.getHeaders().put("Refresh", Integer.toString(WAKING_SECONDS));
        }
        write(
                new StatusPage(503, "Waking up", "This server has been asleep and is not ready yet. Please try again."),
                request,
                response,
                callback);
    }

    /** 502 or 504: the context's backend did not answer. */
    public void badGateway(int status, Request request, Response response, Callback callback) {
        String detail = status == HttpStatus.GATEWAY_TIMEOUT_504
                ? "The application took too long to answer."
                : "The application did not answer.";
        response.getHeaders().put(HttpHeader.RETRY_AFTER, 1);
        answer(new StatusPage(status, HttpStatus.getMessage(status), detail), request, response, callback);
    }

    /** Why a request that belongs to another machine is not answered by an application. */
    void elsewhere(FleetAnswers.Reason reason, Request request, Response response, Callback callback) {
        switch (reason) {
            case UNREACHED -> unreached(request, response, callback);
            case LOOP -> answer(
                    new StatusPage(
                            HttpStatus.LOOP_DETECTED_508,
                            "Loop detected",
                            "The machines of this site do not agree which of them answers this address."),
                    request,
                    response,
                    callback);
            case ABSENT -> answer(
                    new StatusPage(404, "Not provisioned", "The place where this address lives does not exist."),
                    request,
                    response,
                    callback);
            case REFUSED -> answer(
                    new StatusPage(403, "Forbidden", "This request does not come the way that it says."),
                    request,
                    response,
                    callback);
        }
    }

    /** 503 with Retry-After: of the servers that answer for a context, none can. */
    void unavailable(Request request, Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.RETRY_AFTER, UNAVAILABLE_SECONDS);
        answer(
                new StatusPage(503, "Unavailable", "The application cannot be reached. Please try again later."),
                request,
                response,
                callback);
    }

    /** 503 with Retry-After: the machine where it lives cannot be reached, and may be in a moment. */
    private void unreached(Request request, Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.RETRY_AFTER, UNAVAILABLE_SECONDS);
        boolean harmless = HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod());
        if (!wantsJson(request)) {
            if (harmless) {
                response.getHeaders().put("Refresh", Integer.toString(UNAVAILABLE_SECONDS));
            }
            if (sendOwn(503, own(request).maintenancePage(), response, callback)) {
                return;
            }
        }
        write(
                new StatusPage(
                        503, "Not reached", "The machine where this lives cannot be reached now. Please try again."),
                request,
                response,
                callback);
    }

    /** Any other error status, by its standard words only; a 503 is that of a server that stops. */
    public void error(int status, Request request, Response response, Callback callback) {
        if (status == HttpStatus.SERVICE_UNAVAILABLE_503) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, 1);
        }
        answer(new StatusPage(status, HttpStatus.getMessage(status), ""), request, response, callback);
    }

    /** With the operator's own page if there is one for people. */
    private void answer(StatusPage page, Request request, Response response, Callback callback) {
        Optional<Path> file = own(request).errorPages().of(page.status());
        if (wantsJson(request) || !sendOwn(page.status(), file, response, callback)) {
            write(page, request, response, callback);
        }
    }

    /** Read each time: errors are rare, and an operator who mends a page sees it at once. */
    private static boolean sendOwn(int status, Optional<Path> file, Response response, Callback callback) {
        if (file.isEmpty()) {
            return false;
        }
        String text;
        try {
            text = Files.readString(file.get());
        } catch (IOException e) {
            LOG.warn(
                    "The page {} for {} cannot be read, the built-in one is shown: {}",
                    file.get(),
                    status,
                    e.toString());
            return false;
        }
        send(status, MimeTypes.Type.TEXT_HTML_UTF_8.asString(), text, response, callback);
        return true;
    }

    private static void write(StatusPage page, Request request, Response response, Callback callback) {
        if (wantsJson(request)) {
            send(page.status(), MimeTypes.Type.APPLICATION_JSON.asString(), page.json(), response, callback);
        } else if (wants(request, "text/plain")) {
            send(page.status(), MimeTypes.Type.TEXT_PLAIN_UTF_8.asString(), page.text(), response, callback);
        } else {
            send(page.status(), MimeTypes.Type.TEXT_HTML_UTF_8.asString(), page.html(), response, callback);
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
}
