package marina.context;

import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import marina.config.ContextPath;

/**
 * What is done with the database files of all paths, one thing after the other at each path, and how it went. Outlives the
 * generations of a context. Thread-safe.
 */
final class DatabaseCopies {
    private final Executor executor;
    private final Map<ContextPath, OfPath> paths = new ConcurrentHashMap<>();

    /** With threads that may block. */
    DatabaseCopies(Executor executor) {
        this.executor = executor;
    }

    OfPath of(ContextPath path) {
        return paths.computeIfAbsent(path, key -> new OfPath(executor));
    }

    void forget(ContextPath path) {
        paths.remove(path);
    }

    /** Those of one path. */
    static final class OfPath {
        private final Executor executor;
        private CompletableFuture<?> tail = CompletableFuture.completedFuture(null); // guarded by this
        private volatile boolean restoring;
        private volatile String last = "";
        private volatile String failure = "";

        private OfPath(Executor executor) {
            this.executor = executor;
        }

        /** The latest copy that was made since Marina started; empty for none. */
        String last() {
            return last;
        }

        /** Why the latest one could not be made; empty when all is well. */
        String failure() {
            return failure;
        }

        void made(String file) {
            last = file;
            failure = "";
        }

        void failed(String reason) {
            failure = reason;
        }

        /** Whether a stop is one for the sake of a restore, which keeps what is there itself. */
        boolean isRestoring() {
            return restoring;
        }

        void restoring(boolean now) {
            restoring = now;
        }

        /** Runs it when what was begun before has ended. */
        synchronized <T> CompletableFuture<T> run(Callable<T> work) {
            CompletableFuture<T> next = tail.handle((done, failed) -> work).thenApplyAsync(OfPath::call, executor);
            tail = next;
            return next.copy();
        }

        private static <T> T call(Callable<T> work) {
            try {
                return work.call();
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        }
    }
}
