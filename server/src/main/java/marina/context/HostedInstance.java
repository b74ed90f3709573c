package marina.context;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import marina.backend.Instance;
import marina.config.ContextConfig;
import marina.webapp.HostedWar;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A WAR that runs inside this JVM, as an instance that a backend starts and stops. */
final class HostedInstance implements Instance {
    private static final Logger LOG = LoggerFactory.getLogger(HostedInstance.class);

    private final String name;
    private final Duration patience;
    private final HostedWar war;
    private final Supplier<CompletableFuture<Void>> afterStop;
    private final Executor executor;
    private final CompletableFuture<String> ended = new CompletableFuture<>();

    /**
     * A started WAR.
     *
     * @param config its path, and how long its stop may take: nobody can end code that hangs inside this JVM
     * @param afterStop what is done when it has stopped
     * @param executor stopping blocks
     */
    HostedInstance(
            ContextConfig config, HostedWar war, Supplier<CompletableFuture<Void>> afterStop, Executor executor) {
        this.name = "Context " + config.path();
        this.patience = config.lifecycle().stopTimeout();
        this.war = war;
        this.afterStop = afterStop;
        this.executor = executor;
    }

    HostedWar war() {
        return war;
    }

    @Override
    public long pid() {
        return 0;
    }

    @Override
    public String address() {
        return "";
    }

    @Override
    public CompletableFuture<String> ended() {
        return ended;
    }

    @Override
    public CompletableFuture<Void> stop() {
        CompletableFuture<Void> stopping = CompletableFuture.runAsync(war::stop, executor);
        return stopping.copy()
                .completeOnTimeout(null, patience.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((done, failure) -> {
                    if (!stopping.isDone()) {
                        LOG.error(
                                "{} has not stopped within {}s; it goes on in the background",
                                name,
                                patience.toSeconds());
                    }
                    ended.complete("stopped");
                })
                .thenCompose(done -> afterStop.get());
    }
}
