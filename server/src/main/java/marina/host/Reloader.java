package marina.host;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import marina.config.ConfigException;
import marina.config.ConfigLoader;
import marina.config.ContextPath;
import marina.config.ServerConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the configuration anew and has the host apply it, on one thread. It does not wait for applications that start:
 * a later reload supersedes what an earlier one is still waiting for. Requests that come before a reload has begun share
 * it. Thread-safe.
 */
public final class Reloader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reloader.class);

    private final ConfigLoader loader;
    private final Host host;
    private final Services services;
    private final Function<ServerConfig, List<String>> listen;
    private final Consumer<ServerConfig> afterwards;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(task -> new Thread(task, "marina-reloader"));
    private Path serverFile; // guarded by this
    private @Nullable CompletableFuture<ReloadOutcome> waiting; // guarded by this

    /**
     * A reloader.
     *
     * @param serverFile usually conf/server.yml
     * @param services follow each reload, those of hooks too
     * @param listen goes over to the addresses of a configuration, and says what went wrong
     * @param afterwards called after each reload that took effect
     */
    public Reloader(
            ConfigLoader loader,
            Path serverFile,
            Host host,
            Services services,
            Function<ServerConfig, List<String>> listen,
            Consumer<ServerConfig> afterwards) {
        this.loader = loader;
        this.serverFile = serverFile;
        this.host = host;
        this.services = services;
        this.listen = listen;
        this.afterwards = afterwards;
    }

    /** Reloads; completes, never exceptionally, when everything that changed is ready or has failed. */
    public synchronized CompletableFuture<ReloadOutcome> reload() {
        CompletableFuture<ReloadOutcome> shared = waiting;
        if (shared == null) {
            shared = begin(afterwards);
            waiting = shared;
        }
        return shared;
    }

    /** Reads the same file again; nothing is called afterwards. */
    public synchronized CompletableFuture<ReloadOutcome> reread() {
        return begin(next -> {});
    }

    /** Goes over to a server file that a hook has written; nothing is called afterwards, so that no hook runs twice. */
    public synchronized CompletableFuture<ReloadOutcome> reloadFromHook(Path hooksServerFile) {
        serverFile = hooksServerFile;
        return begin(next -> {});
    }

    /** Restarts a context, on the same thread: neither overtakes the other. Completes as {@link Host#restart} does. */
    public CompletableFuture<ReloadOutcome> restart(ContextPath path) {
        CompletableFuture<ReloadOutcome> outcome = new CompletableFuture<>();
        execute(() -> restart(path, outcome), outcome);
        return outcome;
    }

    /** Ends the thread; a reload that has begun is finished. */
    @Override
    public void close() {
        thread.shutdown();
    }

    private CompletableFuture<ReloadOutcome> begin(Consumer<ServerConfig> then) {
        CompletableFuture<ReloadOutcome> outcome = new CompletableFuture<>();
        execute(() -> run(then, outcome), outcome);
        return outcome;
    }

    private void execute(Runnable task, CompletableFuture<ReloadOutcome> outcome) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException e) {
            outcome.complete(new ReloadOutcome(false, List.of("the server is stopping")));
        }
    }

    private void restart(ContextPath path, CompletableFuture<ReloadOutcome> outcome) {
        try {
            var unused = host.restart(path).thenAccept(outcome::complete);
        } catch (RuntimeException | Error e) {
            LOG.error("The restart of {} failed", path, e);
            outcome.complete(new ReloadOutcome(false, List.of(path + ": restart failed: " + e + "; see the log")));
        }
    }

    private void run(Consumer<ServerConfig> then, CompletableFuture<ReloadOutcome> outcome) {
        Path file;
        synchronized (this) {
            waiting = null;
            file = serverFile;
        }
        try {
            ServerConfig next = loader.load(file);
            var unusedServices = services.apply(next.allServices());
            List<String> problems = listen.apply(next);
            var unused = host.apply(next).whenComplete((applied, failure) -> {
                if (failure == null) {
                    then.accept(next);
                    outcome.complete(applied.with(problems));
                } else {
                    outcome.complete(broken(failure));
                }
            });
        } catch (ConfigException e) {
            outcome.complete(refused(e));
        } catch (RuntimeException | Error e) {
            outcome.complete(broken(e));
        }
    }

    private static ReloadOutcome refused(ConfigException refusal) {
        List<String> problems =
                refusal.problems().stream().map(Object::toString).toList();
        problems.forEach(LOG::error);
        LOG.error("Reload refused, the running configuration stays; problems: {}", problems.size());
        return new ReloadOutcome(false, problems);
    }

    private static ReloadOutcome broken(Throwable failure) {
        LOG.error("Reload failed; the running configuration stays", failure);
        return new ReloadOutcome(false, List.of("Reload failed: " + failure + "; see the log"));
    }
}
