package marina.context;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import marina.backend.Instance;
import marina.webapp.HostedWar;

/** A WAR that runs inside this JVM, as an instance that a backend starts and stops. */
final class HostedInstance implements Instance {
    private final HostedWar war;
    private final Supplier<CompletableFuture<Void>> afterStop;
    private final Executor executor;
    private final CompletableFuture<String> ended = new CompletableFuture<>();

    /**
     * A started WAR.
     *
     * @param afterStop what is done when it has stopped
     * @param executor stopping blocks
     */
    HostedInstance(HostedWar war, Supplier<CompletableFuture<Void>> afterStop, Executor executor) {
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
        return CompletableFuture.runAsync(war::stop, executor)
                .whenComplete((done, failure) -> ended.complete("stopped"))
                .thenCompose(done -> afterStop.get());
    }
}
