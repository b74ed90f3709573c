package marina.context;

import java.nio.file.Path;
import java.util.List;
import marina.config.ContextPath;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.server.handler.ResourceHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.resource.ResourceFactory;

/**
 * Serves the files of one folder: GET and HEAD, ranges, ETags and conditional requests, {@code index.html} for a folder;
 * no listings, no dotfiles but {@code .well-known} (RFC 8615), no symbolic links.
 */
final class FilesHandler {

    private final ContextHandler context;

    /** A handler that is not started yet. */
    FilesHandler(Server server, ContextPath path, Path directory, StatusPages pages) {
        ResourceHandler files = new ResourceHandler();
        files.setDirAllowed(false);
        files.setEtags(true);
        files.setAcceptRanges(true);
        files.setWelcomeFiles(List.of("index.html"));
        context = new ContextHandler(new Fence(files, pages), path.value());
        context.setServer(server);
        context.clearAliasChecks();
        context.setBaseResource(ResourceFactory.of(context).newResource(directory));
    }

    /** Starts it; its requests go to what is returned. */
    Handler start() {
        LifeCycle.start(context);
        return context;
    }

    void stop() {
        LifeCycle.stop(context);
    }

    /** Lets through what may be served, and answers the rest. */
    private static final class Fence extends Handler.Wrapper {
        private final StatusPages pages;

        Fence(Handler files, StatusPages pages) {
            super(files);
            this.pages = pages;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            boolean reads = HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod());
            if (!reads) {
                response.getHeaders().put("Allow", "GET, HEAD");
                pages.error(405, request, response, callback);
            } else if (isHidden(Request.getPathInContext(request)) || !super.handle(request, response, callback)) {
                pages.notFound(request, response, callback);
            }
            return true;
        }

        private static boolean isHidden(String path) {
            return path.replace("/.well-known/", "/").contains("/.");
        }
    }
}
