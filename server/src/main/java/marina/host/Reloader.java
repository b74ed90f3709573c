package marina.host;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import marina.config.ConfigException;
import marina.config.ConfigLoader;
import marina.config.ServerConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the configuration anew and has the host apply it, one reload after the other on one thread. Requests that come
 * before a reload has begun share it. Thread-safe.
 */
public final class Reloader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reloader.class);

    private final ConfigLoader loader;
    private final Host host;
    private final Consumer<ServerConfig> afterwards;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(task -> new Thread(task, "marina-reloader"));
    private Path serverFile; // guarded by this
    private @Nullable CompletableFuture<ReloadOutcome> waiting; // guarded by this

    /**
     * A reloader.
     *
     * @param serverFile usually conf/server.yml
     * @param afterwards called after each reload that took effect, on the reloader's thread
     */
    public Reloader(ConfigLoader loader, Path serverFile, Host host, Consumer<ServerConfig> afterwards) {
        this.loader = loader;
        this.serverFile = serverFile;
        this.host = host;
        this.afterwards = afterwards;
    }

    /** Reloads; never completes exceptionally. */
    public synchronized CompletableFuture<ReloadOutcome> reload() {
        CompletableFuture<ReloadOutcome> shared = waiting;
        if (shared == null) {
            shared = new CompletableFuture<>();
            waiting = shared;
            CompletableFuture<ReloadOutcome> outcome = shared;
            thread.execute(() -> outcome.complete(run(afterwards)));
        }
        return shared;
    }

    /** Goes over to a server file that a hook has written; nothing is called afterwards, so that no hook runs twice. */
    public synchronized CompletableFuture<ReloadOutcome> reloadFromHook(Path hooksServerFile) {
        serverFile = hooksServerFile;
        return CompletableFuture.supplyAsync(() -> run(next -> {}), thread);
    }

    /** Ends the thread; a reload that runs is finished. */
    @Override
    public void close() {
        thread.shutdown();
    }

    private ReloadOutcome run(Consumer<ServerConfig> then) {
        Path file;
        synchronized (this) {
            waiting = null;
            file = serverFile;
        }
        try {
            ServerConfig next = loader.load(file);
            ReloadOutcome outcome = host.apply(next).join();
            then.accept(next);
            return outcome;
        } catch (ConfigException e) {
            e.problems().forEach(problem -> LOG.error("{}", problem));
            LOG.error(
                    "Reload refused: {} problems; the running configuration stays",
                    e.problems().size());
            return new ReloadOutcome(
                    false, e.problems().stream().map(Object::toString).toList());
        } catch (RuntimeException e) {
            LOG.error("Reload failed; the running configuration stays", e);
            return new ReloadOutcome(false, List.of("Reload failed: " + e + "; see the log"));
        }
    }
}
