package marina.context;

import java.util.concurrent.CompletableFuture;
import marina.config.ContextConfig;
import marina.config.PublicConfig;
import marina.files.FileSite;
import marina.files.FileStore;
import marina.valve.PublicFiles;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers for a {@code files} context, where what is no file is not found. Thread-safe; never blocks. */
final class FilesHandler {
    private final FileSite site;
    private final StatusPages pages;

    FilesHandler(ContextConfig config, PublicConfig files, FileStore store, StatusPages pages) {
        String prefix = config.path().isRoot() ? "" : config.path().value();
        FileSite.Settings settings =
                PublicFiles.settings(files, prefix, config.access().delivery().compression());
        this.site = new FileSite(store, settings, pages::error);
        this.pages = pages;
    }

    /** Answers; the future completes when the exchange has ended. */
    CompletableFuture<Void> handle(Request request, Response response, Callback callback) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        Callback tracked = Callback.from(callback, () -> ended.complete(null));
        try {
            site.handle(request, response, tracked, this::notThere);
        } catch (Exception e) {
            Response.writeError(request, response, tracked, e);
        }
        return ended;
    }

    private boolean notThere(Request request, Response response, Callback callback) {
        if (HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod())) {
            pages.notFound(request, response, callback);
        } else {
            response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
            pages.error(405, request, response, callback);
        }
        return true;
    }
}
