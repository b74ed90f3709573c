package marina.context;

import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import marina.config.AccessConfig;
import marina.config.Content;
import marina.config.ContextConfig;
import marina.config.ContextPath;
import marina.config.Isolation;
import marina.config.TrafficConfig;
import marina.files.FileHandover;
import marina.files.FileStore;
import marina.proxy.ForwardPolicy;
import marina.proxy.NamedFiles;
import marina.proxy.TargetTimeouts;
import marina.valve.CompressionValve;
import marina.valve.HeaderRules;
import marina.valve.PublicFiles;
import marina.valve.Valve;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;

/** What all contexts share to deliver files and compressed answers. Thread-safe. */
final class Delivery {
    /** 70 MB for compressors; who comes next gets the answer as it is. */
    private static final int COMPRESSORS = 256;

    private final Server server;
    private final StatusPages pages;
    private final FileStore store;
    private final Semaphore compressors = new Semaphore(COMPRESSORS);

    Delivery(Server server, StatusPages pages) {
        this.server = server;
        this.pages = pages;
        this.store = new FileStore(server.getThreadPool());
    }

    /** Remembers the files of all sites. */
    FileStore store() {
        return store;
    }

    /** The files that come before a context, or before all. */
    PublicFiles publicFiles(AccessConfig access, ContextPath path) {
        return new PublicFiles(access, path.isRoot() ? "" : path.value(), store, pages::error);
    }

    /** Compresses what the content of a context answers, where it is to be compressed. */
    Valve compression(ContextConfig config) {
        boolean compresses = config.access().delivery().compression()
                && !config.content().kind().equals("files"); // they come compressed
        return compresses ? compression(config.content()) : Delivery::pass;
    }

    /** How the requests of a context are forwarded. */
    ForwardPolicy policy(ContextConfig config) {
        return new ForwardPolicy(
                timeouts(config.traffic().timeouts()),
                namedFiles(config),
                HeaderRules.of(config.access().delivery().headers().request()));
    }

    /** As the forwarder wants them. */
    static TargetTimeouts timeouts(TrafficConfig.Timeouts written) {
        return new TargetTimeouts(written.connect(), written.answer(), written.idle());
    }

    /** Compresses what the upstreams of routes answer. */
    Valve routeCompression(AccessConfig server) {
        return server.delivery().compression()
                ? new CompressionValve(this.server.getThreadPool(), compressors)
                : Delivery::pass;
    }

    /** The files that the backend of a context may name instead of sending them. */
    private NamedFiles namedFiles(ContextConfig config) {
        if (!config.access().delivery().hasSendfile()) {
            return NamedFiles.NONE;
        }
        Path root = config.access().delivery().sendfile();
        return new FileHandover(root, config.path().value(), server.getThreadPool(), pages::error)::send;
    }

    /** A hosted WAR writes on a thread of its own; what is forwarded arrives on threads that have others to serve. */
    private Valve compression(Content content) {
        boolean hosted = content instanceof Content.War war && war.isolation() == Isolation.NONE;
        return new CompressionValve(hosted ? Runnable::run : server.getThreadPool(), compressors);
    }

    private static boolean pass(Request request, Response response, Callback callback, Request.Handler next)
            throws Exception {
        return next.handle(request, response, callback);
    }
}
