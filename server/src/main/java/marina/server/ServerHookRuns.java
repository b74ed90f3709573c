package marina.server;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import marina.config.Directories;
import marina.config.Hook;
import marina.config.ServerHooks;
import marina.hook.HookOutcome;
import marina.hook.HookPoint;
import marina.hook.HookRow;
import marina.hook.HookRunner;
import marina.hook.HookSurroundings;
import marina.host.Reloader;
import marina.process.OutputSink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the server's own hooks: working directory MARINA_BASE, Marina's environment, output in the log. Thread-safe. */
final class ServerHookRuns {
    private static final Logger LOG = LoggerFactory.getLogger(ServerHookRuns.class);
    private static final String OWNER = "server";

    private final HookRunner runner;
    private final Directories directories;
    private final Map<String, String> environment;
    private final Set<HookRow> aroundSleep = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> startGivenUp = new CompletableFuture<>();
    private volatile boolean sleepGivenUp;

    ServerHookRuns(HookRunner runner, Directories directories, Map<String, String> environment) {
        this.runner = runner;
        this.directories = directories;
        this.environment = environment;
    }

    /** The start hooks; a failure of one is a failure of the start. */
    void start(ServerHooks hooks) throws StartException {
        HookRow row = begin(HookPoint.SERVER_START, hooks.start(), Map.of());
        var unused = startGivenUp.thenRun(row::giveUp);
        HookOutcome outcome = row.outcome().join();
        if (!outcome.succeeded()) {
            throw new StartException(outcome.reason());
        }
    }

    /** The reload hooks of a configuration that is about to take effect; yields why it must not, or nothing. */
    CompletableFuture<String> reload(ServerHooks hooks) {
        return run(HookPoint.SERVER_RELOAD, hooks.reload()).thenApply(HookOutcome::reason);
    }

    /** Ends a start hook that runs, or that is still to come, with everything that it started. */
    void giveUpStart() {
        startGivenUp.complete(null);
    }

    /**
     * The ready hooks, one after another in the background; each that names a configuration has it loaded after its
     * success. The reload that follows does not run the hooks again.
     */
    CompletableFuture<Void> ready(ServerHooks hooks, Reloader reloader) {
        Function<Hook, CompletableFuture<Boolean>> step =
                hook -> one(HookPoint.SERVER_READY, hook, Map.of(), reloader).thenApply(reloads -> reloads.succeeded);
        CompletableFuture<Boolean> row = CompletableFuture.completedFuture(true);
        for (Hook hook : hooks.ready()) {
            row = row.thenCompose(went -> went ? step.apply(hook) : CompletableFuture.completedFuture(false));
        }
        return row.thenAccept(went -> {});
    }

    /** The stop hooks, after everything else has stopped. */
    void stop(ServerHooks hooks) {
        run(HookPoint.SERVER_STOP, hooks.stop()).join();
    }

    /**
     * One hook, and the reload that it asks for.
     *
     * @param more variables on top of Marina's environment
     */
    CompletableFuture<Done> one(HookPoint point, Hook hook, Map<String, String> more, Reloader reloader) {
        HookRow row = begin(point, List.of(hook), more);
        boolean sleep = point == HookPoint.SERVER_SUSPEND || point == HookPoint.SERVER_RESUME;
        if (sleep) {
            aroundSleep.add(row);
        }
        if (sleep && sleepGivenUp) {
            row.giveUp();
        }
        return row.outcome().thenApply(outcome -> {
            aroundSleep.remove(row);
            if (!outcome.succeeded() || hook.reloadConfig().isEmpty()) {
                return new Done(outcome.succeeded(), CompletableFuture.completedFuture(null));
            }
            Path file = directories.base().resolve(hook.reloadConfig());
            return new Done(
                    true,
                    reloader.reloadFromHook(file, point == HookPoint.SERVER_READY)
                            .thenAccept(reloaded -> {}));
        });
    }

    /** Ends what runs around a sleep of the machine. */
    void giveUpSleep() {
        sleepGivenUp = true;
        aroundSleep.forEach(HookRow::giveUp);
    }

    /**
     * A hook that has ended.
     *
     * @param reloaded completes when the reload that it asked for has taken effect; at once when it asked for none
     */
    record Done(boolean succeeded, CompletableFuture<Void> reloaded) {}

    private CompletableFuture<HookOutcome> run(HookPoint point, List<Hook> hooks) {
        return begin(point, hooks, Map.of()).outcome();
    }

    private HookRow begin(HookPoint point, List<Hook> hooks, Map<String, String> more) {
        Map<String, String> variables = new HashMap<>(environment);
        variables.putAll(more);
        OutputSink output = (channel, line) -> LOG.info("hook {}: {}", point.key(), line);
        return runner.begin(point, hooks, new HookSurroundings(OWNER, directories.base(), variables, Map.of(), output));
    }
}
