package marina.context;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import marina.backend.ContextLifecycleListener;
import marina.backend.Generation;
import marina.backend.InstanceStarter;
import marina.backend.Start;
import marina.backend.StartFailedException;
import marina.config.ContextConfig;
import marina.config.FileStamp;
import marina.hook.HookOutcome;
import marina.hook.HookPoint;
import marina.hook.HookRow;
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
    private final FileStamp stamp;
    private final WarHost wars;
    private final Generation generation;
    private final Executor executor;

    /**
     * @param stamp of the archive that is meant
     */
    HostedStarter(
            ContextConfig config,
            WarSettings settings,
            FileStamp stamp,
            WarHost wars,
            Generation generation,
            Executor executor) {
        this.config = config;
        this.settings = settings;
        this.stamp = stamp;
        this.wars = wars;
        this.generation = generation;
        this.executor = executor;
    }

    @Override
    public Start<HostedInstance> start() {
        return new HostedStart(generation.ofInstance());
    }

    /** One start. A WAR that is just starting cannot be interrupted, only be stopped when it has started. */
    private final class HostedStart implements Start<HostedInstance> {
        private final ContextLifecycleListener listener;
        private final HookRow startHooks;
        private final CompletableFuture<HostedInstance> ready = new CompletableFuture<>();
        private volatile boolean givenUp;

        HostedStart(ContextLifecycleListener listener) {
            this.listener = listener;
            this.startHooks = reached(HookPoint.CONTEXT_START);
            var unused = startHooks
                    .outcome()
                    .thenAcceptAsync(this::startWar, executor)
                    .exceptionally(failure -> {
                        fail(String.valueOf(failure.getMessage()));
                        return null;
                    });
        }

        @Override
        public CompletableFuture<HostedInstance> ready() {
            return ready;
        }

        @Override
        public void giveUp() {
            givenUp = true;
            startHooks.giveUp();
            // Nobody can end a WAR whose start hangs, and a server that stops must not hang with it.
            CompletableFuture.delayedExecutor(
                            config.lifecycle().stopTimeout().toNanos(), TimeUnit.NANOSECONDS, executor)
                    .execute(this::leaveAlone);
        }

        private void leaveAlone() {
            if (fail("given up")) {
                LOG.error(
                        "{}: the start of context {} was given up and has not ended; it goes on in the background",
                        config.source(),
                        config.path());
            }
        }

        private void startWar(HookOutcome outcome) {
            if (!outcome.succeeded()) {
                fail(outcome.reason());
                return;
            }
            if (givenUp) {
                fail("given up");
                return;
            }
            try {
                handOut(new HostedInstance(config, wars.start(settings, stamp), this::afterStop, executor));
            } catch (WarFailedException | RuntimeException | Error e) {
                logTrace(e);
                fail(e.getMessage() == null ? e.toString() : e.getMessage());
            }
        }

        /** Only where the application's own code is to be looked at; the failure itself is the backend's to report. */
        private void logTrace(Throwable failure) {
            Throwable cause = failure instanceof WarFailedException ? failure.getCause() : failure;
            if (failure instanceof WarFailedException war && war.isExplained()) {
                LOG.debug("The start of context {} failed here:", config.path(), cause);
            } else if (cause != null && !(cause instanceof IOException)) {
                LOG.error("The start of context {} failed here:", config.path(), cause);
            }
        }

        private void handOut(HostedInstance instance) {
            if (!givenUp && ready.complete(instance)) {
                var unused = reached(HookPoint.CONTEXT_READY);
                return;
            }
            var unused = instance.stop().whenComplete((stopped, failure) -> fail("given up"));
        }

        private boolean fail(String reason) {
            boolean failed = ready.completeExceptionally(new StartFailedException(reason));
            if (failed) {
                var unused = listener.startFailed();
            }
            return failed;
        }

        private HookRow reached(HookPoint point) {
            return listener.reached(point, WarCommands.hookEnvironment(config), Map.of());
        }

        private CompletableFuture<Void> afterStop() {
            return reached(HookPoint.CONTEXT_STOP).outcome().thenAccept(outcome -> {});
        }
    }
}
