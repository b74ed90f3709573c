package marina.server;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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
    private final CompletableFuture<Void> startGivenUp = new CompletableFuture<>();

    ServerHookRuns(HookRunner runner, Directories directories, Map<String, String> environment) {
        this.runner = runner;
        this.directories = directories;
        this.environment = environment;
    }

    /** The start hooks; a failure of one is a failure of the start. */
    void start(ServerHooks hooks) throws StartException {
        HookRow row = begin(HookPoint.SERVER_START, hooks.start());
        var unused = startGivenUp.thenRun(row::giveUp);
        HookOutcome outcome = row.outcome().join();
        if (!outcome.succeeded()) {
            throw new StartException(outcome.reason());
        }
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
                hook -> run(HookPoint.SERVER_READY, List.of(hook)).thenApply(outcome -> {
                    if (outcome.succeeded() && !hook.reloadConfig().isEmpty()) {
                        Path file = directories.base().resolve(hook.reloadConfig());
                        var unused = reloader.reloadFromHook(file);
                    }
                    return outcome.succeeded();
                });
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

    private CompletableFuture<HookOutcome> run(HookPoint point, List<Hook> hooks) {
        return begin(point, hooks).outcome();
    }

    private HookRow begin(HookPoint point, List<Hook> hooks) {
        OutputSink output = (channel, line) -> LOG.info("hook {}: {}", point.key(), line);
        return runner.begin(
                point, hooks, new HookSurroundings(OWNER, directories.base(), environment, Map.of(), output));
    }
}
