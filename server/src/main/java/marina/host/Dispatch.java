package marina.host;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import marina.config.ContextPath;
import marina.context.MountedContext;
import marina.context.StatusPages;
import marina.session.VersionTag;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes each request to the context of its path, and there to the version whose session it has. The id of a session names the
 * version; whether the session has ended is known in memory as long as the version runs in this JVM, else a thread of the pool
 * asks where sessions are kept. Thread-safe.
 */
final class Dispatch {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatch.class);

    private final Mounts mounts;
    private final VersionTable versions;
    private final StatusPages pages;

    /** The way to what is mounted. */
    Dispatch(Mounts mounts, VersionTable versions, StatusPages pages) {
        this.mounts = mounts;
        this.versions = versions;
        this.pages = pages;
    }

    /** Answers a request, with 404 when no context takes its path. */
    boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (!versions.isEmpty()) {
            String path = Request.getPathInContext(request);
            MountedContext context = path == null ? null : mounts.table().find(path);
            if (context != null && takeToOlder(context.path(), request, response, callback)) {
                return true;
            }
        }
        return takeToHighest(request, response, callback);
    }

    private boolean takeToHighest(Request request, Response response, Callback callback) throws Exception {
        String path = Request.getPathInContext(request);
        MountTable<MountedContext> seen = null;
        while (true) {
            MountTable<MountedContext> current = mounts.table();
            MountedContext context = path == null ? null : current.find(path);
            if (context == null) {
                pages.notFound(request, response, callback);
                return true;
            }
            if (current == seen) {
                pages.stopping(request, response, callback);
                return true;
            }
            if (context.handle(request, response, callback)) {
                return true;
            }
            seen = current; // it was retired after we looked, so a newer table has its successor
        }
    }

    /** False, with the response untouched, when the request has no session of an older version. */
    private boolean takeToOlder(ContextPath path, Request request, Response response, Callback callback)
            throws Exception {
        Map<String, MountedContext> older = versions.at(path);
        if (older.isEmpty()) {
            return false;
        }
        List<Question> open = new ArrayList<>();
        for (String id : VersionTag.idsIn(request)) {
            MountedContext version = older.get(VersionTag.ofId(id));
            if (version != null) {
                Optional<Boolean> known = version.sessions().inMemory(id);
                if (known.isEmpty()) {
                    open.add(new Question(version, id));
                } else if (known.get() && serve(version, request, response, callback)) {
                    return true;
                }
            }
        }
        return !open.isEmpty() && ask(open, request, response, callback);
    }

    private boolean ask(List<Question> open, Request request, Response response, Callback callback) {
        try {
            request.getContext().execute(() -> answer(open, request, response, callback));
            return true;
        } catch (RejectedExecutionException e) {
            LOG.debug("The server stops", e);
            return false;
        }
    }

    private void answer(List<Question> open, Request request, Response response, Callback callback) {
        try {
            for (Question question : open) {
                if (question.isItsSession() && serve(question.version, request, response, callback)) {
                    return;
                }
            }
            takeToHighest(request, response, callback);
        } catch (Exception e) {
            Response.writeError(request, response, callback, e);
        }
    }

    /** By whoever has taken the place of the version, if it has just been replaced. */
    private boolean serve(MountedContext version, Request request, Response response, Callback callback)
            throws Exception {
        if (version.handle(request, response, callback)) {
            return true;
        }
        MountedContext next = versions.find(version.path(), version.config().version());
        return next != null && !next.equals(version) && next.handle(request, response, callback);
    }

    /** Whether a version has a session. */
    private record Question(MountedContext version, String id) {

        boolean isItsSession() {
            try {
                return version.sessions().isKept(id);
            } catch (IOException e) {
                // A visitor who may have a session is better off where it would be.
                LOG.warn(
                        "Context {}: nobody can tell whether a session has ended: {}",
                        version.versionName(),
                        e.toString());
                return true;
            }
        }
    }
}
