package marina.host;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import marina.config.ConfigException;
import marina.config.ConfigNote;
import marina.config.ContextPath;
import marina.config.ServerConfig;
import marina.history.RefusedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Loads the configuration anew and has the host apply it, on one thread. It does not wait for applications that start:
 * a later reload supersedes what an earlier one is still waiting for. Requests that come before a reload has begun share
 * it. Thread-safe.
 */
public final class Reloader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reloader.class);

    private final Host host;
    private final Services services;
    private final Function<ServerConfig, List<String>> listen;
    private final Around around;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(task -> new Thread(task, "marina-reloader"));
    private final Set<Path> left = new HashSet<>(); // guarded by this
    private Path serverFile; // guarded by this
    private @Nullable SharedReload waiting; // guarded by this
    private long begun; // of the thread
    private long followed; // guarded by this

    /**
     * What else belongs to a reload.
     *
     * @param before called before a configuration takes effect; yields why it must not, nothing when it may
     * @param after called after each reload that took effect
     * @param applied reads configurations, and keeps those that took effect
     */
    public record Around(
            Function<ServerConfig, String> before, Consumer<ServerConfig> after, AppliedConfigurations applied) {}

    /** How much of what else belongs to a reload is done for one. */
    private enum Extent {
        ALL,
        NOTHING_AFTER,
        NOTHING
    }

    /**
     * A reloader.
     *
     * @param serverFile usually conf/server.yml; that of what runs
     * @param services follow each reload, those of hooks too
     * @param listen goes over to the addresses of a configuration, and says what went wrong
     * @param around what else belongs to a reload
     */
    public Reloader(
            Path serverFile, Host host, Services services, Function<ServerConfig, List<String>> listen, Around around) {
        this.serverFile = serverFile;
        this.host = host;
        this.services = services;
        this.listen = listen;
        this.around = around;
    }

    /** Reloads; completes, never exceptionally, when everything that changed is ready or has failed. */
    public CompletableFuture<ReloadOutcome> reload() {
        return reload(ReloadCause.COMMAND);
    }

    /** Reloads as {@link #reload()} does, and takes note of why; those that share a reload share the cause of the first. */
    public CompletableFuture<ReloadOutcome> reload(ReloadCause cause) {
        return reload(cause, AtRest.TAKEN_FOR_GRANTED);
    }

    /**
     * Reloads as {@link #reload()} does, unless the files that it has read are no longer at rest: then it changes nothing, and
     * whoever watches them asks again.
     */
    public synchronized CompletableFuture<ReloadOutcome> reload(ReloadCause cause, AtRest rest) {
        SharedReload shared = waiting;
        if (shared == null) {
            shared = new SharedReload(rest);
            waiting = shared;
            var unused =
                    begin(around.applied().onDisk(cause, shared), Extent.ALL).thenAccept(shared::complete);
        } else {
            shared.isAskedForAgain(rest);
        }
        return shared.outcome();
    }

    /**
     * Puts the files of a former configuration back and goes over to it. What can no longer be used is refused before anything
     * is touched.
     *
     * @param number of an entry of the history; without one what runs, when files have been changed since, else the one before
     * @return completes as {@link #reload()} does
     */
    public synchronized CompletableFuture<ReloadOutcome> rollback(OptionalInt number) {
        return begin(around.applied().former(number), Extent.ALL);
    }

    /** What has been applied: the last reload, and the history. */
    public AppliedConfigurations applied() {
        return around.applied();
    }

    /** Reads the same file again; nothing is called afterwards. */
    public synchronized CompletableFuture<ReloadOutcome> reread() {
        return begin(around.applied().onDisk(ReloadCause.WAKE), Extent.NOTHING_AFTER);
    }

    /**
     * Has what hooks have written take effect; none runs for it, or hooks that write would run without end. Does nothing when
     * it comes to the same configuration.
     */
    public CompletableFuture<ReloadOutcome> settle() {
        return settle(AtRest.TAKEN_FOR_GRANTED);
    }

    /** The same, unless the files are no longer at rest, as {@link #reload(ReloadCause, AtRest)} has it. */
    CompletableFuture<ReloadOutcome> settle(AtRest rest) {
        return begin(around.applied().onDisk(ReloadCause.HOOK, rest), Extent.NOTHING);
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
        return begin(around.applied().onDisk(ReloadCause.HOOK), again ? Extent.NOTHING_AFTER : Extent.ALL);
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

    private CompletableFuture<ReloadOutcome> begin(AppliedConfigurations.Origin origin, Extent extent) {
        CompletableFuture<ReloadOutcome> outcome = new CompletableFuture<>();
        execute(() -> run(origin, extent, outcome), outcome);
        // Who waits for it finds it among what has been applied.
        return outcome.whenComplete((over, failure) -> around.applied().over(origin.cause(), over));
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

    private void run(AppliedConfigurations.Origin origin, Extent extent, CompletableFuture<ReloadOutcome> outcome) {
        Path file;
        synchronized (this) {
            waiting = null;
            file = serverFile;
        }
        try {
            AppliedConfigurations.Wanted wanted =
                    origin.read(file, extent == Extent.NOTHING ? Optional.empty() : Optional.of(this::before));
            if (extent == Extent.NOTHING && wanted.config().equals(host.config())) {
                outcome.complete(new ReloadOutcome(true, List.of("nothing has changed")));
                return;
            }
            around.applied().commit(wanted);
            goOver(origin, wanted, extent, outcome);
        } catch (AppliedConfigurations.BeingWritten e) {
            LOG.info("No reload yet: {}", e.getMessage());
            outcome.complete(new ReloadOutcome(true, List.of("no reload yet: " + e.getMessage())));
        } catch (Refused e) {
            LOG.error("Reload refused, the running configuration stays: {}", e.getMessage());
            outcome.complete(new ReloadOutcome(false, List.of("reload refused: " + e.getMessage())));
        } catch (ConfigException e) {
            outcome.complete(ReloadOutcome.refused(e));
        } catch (RefusedException e) {
            e.messages().forEach(LOG::error);
            outcome.complete(new ReloadOutcome(false, e.messages()));
        } catch (RuntimeException | Error e) {
            outcome.complete(ReloadOutcome.broken(e));
        }
    }

    private void goOver(
            AppliedConfigurations.Origin origin,
            AppliedConfigurations.Wanted wanted,
            Extent extent,
            CompletableFuture<ReloadOutcome> outcome) {
        ServerConfig next = wanted.config();
        long number = ++begun;
        try {
            List<String> changes = around.applied().changes(host.config(), next);
            var unusedServices = services.apply(next.allServices());
            List<String> problems = listen.apply(next);
            CompletableFuture<ReloadOutcome> applying = host.apply(next, this::serially);
            synchronized (this) {
                serverFile = wanted.plan() == null ? serverFile : wanted.serverFile();
            }
            around.applied().keep(origin.cause(), changes, wanted.serverFile(), wanted.files());
            var unused = applying.whenComplete((applied, failure) -> {
                if (failure == null) {
                    if (extent == Extent.ALL) {
                        after(next, number);
                    }
                    outcome.complete(applied.with(problems).withChanges(changes));
                } else {
                    outcome.complete(ReloadOutcome.broken(failure));
                }
            });
        } catch (RuntimeException | Error e) {
            around.applied().undo(wanted);
            throw e;
        }
    }

    private void after(ServerConfig next, long number) {
        synchronized (this) {
            if (number < followed) {
                LOG.info("A later reload was complete first; what follows reloads has been done for that one");
                return;
            }
            followed = number;
        }
        try {
            around.after().accept(next);
        } catch (RuntimeException | Error e) {
            LOG.error("What follows a reload failed; the new configuration is in effect", e);
        }
    }

    private void before(ServerConfig next) {
        String reason = around.before().apply(next);
        if (!reason.isEmpty()) {
            throw new Refused(reason);
        }
    }

    /** A hook does not let the configuration take effect. */
    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(String reason) {
            super(reason, null, false, false);
        }
    }

    /** What a configuration file says that is no problem; for the log. */
    public static void log(ConfigNote note) {
        LOG.atLevel(note.kind() == ConfigNote.Kind.NOTE ? Level.INFO : Level.WARN)
                .log("{}", note);
    }
}
