package marina.context;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.IntStream;
import marina.backend.Backend;
import marina.backend.BackendGroup;
import marina.backend.BackendListener;
import marina.backend.BackendSettings;
import marina.backend.Generation;
import marina.backend.HookRuns;
import marina.backend.Instance;
import marina.backend.InstanceStarter;
import marina.config.ContextConfig;
import org.eclipse.jetty.server.Request;

/** Makes what contexts with a backend have in common, whatever runs in it. Thread-safe. */
final class Backends {
    private static final BackendListener NOBODY = (from, to, now) -> {};

    private final ContextFactory.Parts parts;
    private final Executor executor;
    private final ScheduledExecutorService scheduler;
    private final PathProcesses paths = new PathProcesses();

    Backends(ContextFactory.Parts parts, Executor executor, ScheduledExecutorService scheduler) {
        this.parts = parts;
        this.executor = executor;
        this.scheduler = scheduler;
    }

    /** The backends of a context, one for each instance that it may have; stopped. */
    <I extends Instance> BackendGroup<I> create(ContextConfig config, InstanceStarter<I> starter) {
        int kept = config.lifecycle().minInstances();
        List<Backend<I>> group = IntStream.range(0, config.lifecycle().instances())
                .mapToObj(index -> backend(config, index, index < kept, starter))
                .toList();
        return new BackendGroup<>(group, kept);
    }

    private <I extends Instance> Backend<I> backend(
            ContextConfig config, int index, boolean keep, InstanceStarter<I> starter) {
        BackendSettings settings = new BackendSettings(
                BackendSettings.instanceName(config.path().value(), index),
                config.source().toString(),
                config.lifecycle().idleTimeout(),
                keep);
        return new Backend<>(settings, starter, scheduler, executor, NOBODY);
    }

    /** The instances of a context that is made now, with its hooks around them. */
    Generation generation(ContextConfig config, Path directory) {
        HookRuns hooks = new HookRuns(
                parts.hooks(),
                config.path().value(),
                config.hooks(),
                directory,
                parts.logs().of(config.path()));
        return new Generation(
                hooks, paths.of(config.path()), !config.lifecycle().rollingRestart());
    }

    /** What requests need that wait for a start. */
    BackendContent.Parking parking(Request.Handler reroute) {
        return new BackendContent.Parking(scheduler, parts.server().getThreadPool(), parts.pages(), reroute);
    }
}
