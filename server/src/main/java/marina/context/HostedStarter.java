package marina.context;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import marina.backend.InstanceStarter;
import marina.backend.StartFailedException;
import marina.config.ContextConfig;
import marina.hook.HookOutcome;
import marina.hook.HookPoint;
import marina.webapp.WarFailedException;
import marina.webapp.WarHost;
import marina.webapp.WarSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts a WAR inside this JVM, with the hooks of its context around it. Thread-safe. */
final class HostedStarter implements InstanceStarter<HostedInstance> {
    private static final Logger LOG = LoggerFactory.getLogger(HostedStarter.class);

    private final ContextConfig config;
    private final WarSettings settings;
    private final WarHost wars;
    private final ContextHookRuns hooks;
    private final Executor executor;

    HostedStarter(ContextConfig config, WarSettings settings, WarHost wars, ContextHookRuns hooks, Executor executor) {
        this.config = config;
        this.settings = settings;
        this.wars = wars;
        this.hooks = hooks;
        this.executor = executor;
    }

    @Override
    public CompletableFuture<HostedInstance> start() {
        CompletableFuture<HostedInstance> started = new CompletableFuture<>();
        var unused = hooks.run(HookPoint.CONTEXT_START, config.hooks().start())
                .thenAcceptAsync(outcome -> startWar(outcome, started), executor);
        return started;
    }

    private void startWar(HookOutcome outcome, CompletableFuture<HostedInstance> started) {
        if (!outcome.succeeded()) {
            started.completeExceptionally(new StartFailedException(outcome.reason()));
        } else if (!started.isDone()) {
            try {
                handOut(new HostedInstance(wars.start(settings), this::afterStop, executor), started);
            } catch (WarFailedException | RuntimeException | LinkageError e) {
                log(e);
                started.completeExceptionally(new StartFailedException(String.valueOf(e.getMessage())));
            }
        }
    }

    /** With the trace only where the application's own code is to be looked at. */
    private void log(Throwable failure) {
        Throwable cause = failure instanceof WarFailedException ? failure.getCause() : failure;
        if (cause == null || cause instanceof IOException) {
            LOG.error("{}: context {} did not start: {}", config.source(), config.path(), failure.getMessage());
        } else {
            LOG.error("{}: context {} did not start", config.source(), config.path(), failure);
        }
    }

    private void handOut(HostedInstance instance, CompletableFuture<HostedInstance> started) {
        if (started.complete(instance)) {
            var unused = hooks.run(HookPoint.CONTEXT_READY, config.hooks().ready());
        } else {
            var unused = instance.stop(); // the start was given up meanwhile
        }
    }

    private CompletableFuture<Void> afterStop() {
        return hooks.run(HookPoint.CONTEXT_STOP, config.hooks().stop()).thenAccept(outcome -> {});
    }
}
