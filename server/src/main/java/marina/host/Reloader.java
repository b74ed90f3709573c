package marina.host;

import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import marina.config.ConfigException;
import marina.config.ConfigLoader;
import marina.config.ConfigNote;
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
    private final Around around;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(task -> new Thread(task, "marina-reloader"));
    private final Set<Path> left = new HashSet<>(); // guarded by this
    private Path serverFile; // guarded by this
    private @Nullable CompletableFuture<ReloadOutcome> waiting; // guarded by this
    private volatile @Nullable Last last;

    /**
     * A reload that has ended.
     *
     * @param at when
     * @param outcome what became of it
     */
    public record Last(Instant at, ReloadOutcome outcome) {}

    /**
     * What else belongs to a reload.
     *
     * @param before called before a configuration takes effect; yields why it must not, nothing when it may
     * @param after called after each reload that took effect
     */
    public record Around(Function<ServerConfig, String> before, Consumer<ServerConfig> after) {}

    /**
     * A reloader.
     *
     * @param serverFile usually conf/server.yml
     * @param services follow each reload, those of hooks too
     * @param listen goes over to the addresses of a configuration, and says what went wrong
     * @param around what else belongs to a reload
     */
    public Reloader(
            ConfigLoader loader,
            Path serverFile,
            Host host,
            Services services,
            Function<ServerConfig, List<String>> listen,
            Around around) {
        this.loader = loader;
        this.serverFile = serverFile;
        this.host = host;
        this.services = services;
        this.listen = listen;
        this.around = around;
    }

    /** Reloads; completes, never exceptionally, when everything that changed is ready or has failed. */
    public synchronized CompletableFuture<ReloadOutcome> reload() {
        CompletableFuture<ReloadOutcome> shared = waiting;
        if (shared == null) {
            shared = begin(around.after());
            waiting = shared;
        }
        return shared;
    }

    /** The reload that has ended last; empty before the first one. */
    public Optional<Last> lastReload() {
        return Optional.ofNullable(last);
    }

    /** Reads the same file again; nothing is called afterwards. */
    public synchronized CompletableFuture<ReloadOutcome> reread() {
        return begin(next -> {});
    }

    /**
     * Goes over to a server file that a hook or a script has written.
     *
     * @param wasReady whether that was a ready hook: after the file that it is in these do not run again, nor after one that
     *     was in effect before, so that two files cannot go to and fro for ever
     */
    public synchronized CompletableFuture<ReloadOutcome> reloadFromHook(Path hooksServerFile, boolean wasReady) {
        left.add(serverFile);
        serverFile = hooksServerFile;
        boolean again = wasReady && left.contains(hooksServerFile);
        return begin(again ? next -> {} : around.after());
    }

    /** Restarts a context, on the same thread: neither overtakes the other. Completes as {@link Host#restart} does. */
    public CompletableFuture<ReloadOutcome> restart(ContextPath path) {
        CompletableFuture<ReloadOutcome> outcome = new CompletableFuture<>();
        execute(() -> restart(path, outcome), outcome);
        return outcome;
    }

    /** Ends the thread; a reload that has begun is finished, but nothing starts for it any more. */
    @Override
    public void close() {
        host.endChanges();
        thread.shutdown();
    }

    private CompletableFuture<ReloadOutcome> begin(Consumer<ServerConfig> then) {
        CompletableFuture<ReloadOutcome> outcome = new CompletableFuture<>();
        execute(() -> run(then, outcome), outcome);
        return outcome.whenComplete((done, failure) -> last = new Last(Instant.now(), done));
    }

    /** For what a reload leaves for later; when the thread has ended, it finds that there is nothing to do any more. */
    private void serially(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException e) {
            task.run();
        }
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
            ServerConfig next = loader.load(file, Reloader::log);
            String reason = around.before().apply(next);
            if (!reason.isEmpty()) {
                LOG.error("Reload refused, the running configuration stays: {}", reason);
                outcome.complete(new ReloadOutcome(false, List.of("reload refused: " + reason)));
                return;
            }
            var unusedServices = services.apply(next.allServices());
            List<String> problems = listen.apply(next);
            var unused = host.apply(next, this::serially).whenComplete((applied, failure) -> {
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

    /** What a configuration file says that is no problem; for the log. */
    public static void log(ConfigNote note) {
        if (note.kind() == ConfigNote.Kind.NOTE) {
            LOG.info("{}", note);
        } else {
            LOG.warn("{}", note);
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
