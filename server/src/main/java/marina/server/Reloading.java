package marina.server;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import marina.config.ServerConfig;
import marina.host.AppliedConfigurations;
import marina.host.ConfigWatch;
import marina.host.Host;
import marina.host.Reloader;
import marina.host.Services;
import marina.host.TouchedDescriptors;
import org.jspecify.annotations.Nullable;

/**
 * How the configuration changes while the server lives: by what is asked for, by files that change, and by what the server's
 * hooks write, for which they do not run again. Thread-safe.
 */
final class Reloading implements AutoCloseable {
    private final Prepared prepared;
    private final ServerHookRuns hooks;
    private final Reloader reloader;
    private final ConfigWatch watch;
    private final AtomicReference<CompletableFuture<Void>> lastReady =
            new AtomicReference<>(CompletableFuture.completedFuture(null));

    /**
     * What changes have to do with.
     *
     * @param listen goes over to the addresses of a configuration, and says what went wrong
     * @param reloaded called after each reload that took effect
     */
    record Parts(
            Host host,
            Services services,
            ServerHookRuns hooks,
            Function<ServerConfig, List<String>> listen,
            Consumer<ServerConfig> reloaded) {}

    Reloading(MarinaServer.Installation installation, Prepared prepared, Parts parts) {
        this.prepared = prepared;
        this.hooks = parts.hooks;
        AppliedConfigurations applied = new AppliedConfigurations(
                installation.directories(), installation.loader(), prepared.files(), this::ownWrite);
        Reloader.Around around = new Reloader.Around(this::reloadHooks, parts.reloaded, applied);
        reloader = new Reloader(installation.serverFile(), parts.host, parts.services, parts.listen, around);
        watch = new ConfigWatch(
                installation.directories(),
                new WatchedFiles(parts.host::config),
                new TouchedDescriptors(installation.directories(), parts.host, reloader));
    }

    Reloader reloader() {
        return reloader;
    }

    /** The start hooks, unless they have run already because files were missing. */
    void runStartHooks() throws StartException {
        if (!prepared.startHooksRan()) {
            hooks.start(prepared.config().hooks());
        }
    }

    /** What start hooks have written counts before anybody is served. */
    void followStartHooks() {
        if (!prepared.config().hooks().start().isEmpty()) {
            watch.takeAsApplied();
            if (!prepared.startHooksRan()) {
                var unused = reloader.settle().join(); // its outcome is logged
            }
        }
    }

    /** The ready hooks of a configuration, in the background, after those of the configurations before it. */
    CompletableFuture<Void> readyHooks(ServerConfig now) {
        if (now.hooks().ready().isEmpty()) {
            return Objects.requireNonNull(lastReady.get()); // what somebody writes meanwhile is not theirs
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        var unused = lastReady
                .getAndSet(done)
                .thenCompose(over -> watch.during(() -> hooks.ready(now.hooks(), reloader)))
                .whenComplete((over, failure) -> done.complete(null));
        return done;
    }

    /** What Marina writes itself is not a change of somebody else, for which hooks would run. */
    private void ownWrite(Runnable write) {
        watch.during(() -> {
                    write.run();
                    return CompletableFuture.<@Nullable Void>completedFuture(null);
                })
                .join();
    }

    private String reloadHooks(ServerConfig next) {
        return next.hooks().reload().isEmpty()
                ? ""
                : watch.during(() -> hooks.reload(next.hooks())).join();
    }

    /** Looks for changed files from now on. */
    void watch(ScheduledExecutorService scheduler, Executor executor) {
        watch.start(scheduler, executor);
    }

    @Override
    public void close() {
        watch.close();
        reloader.close();
    }
}
