package marina.context;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import marina.backend.Backend;
import marina.backend.BackendGroup;
import marina.backend.BackendListener;
import marina.backend.BackendSettings;
import marina.backend.Generation;
import marina.backend.HookRuns;
import marina.backend.Instance;
import marina.backend.InstanceStarter;
import marina.backend.ProcessInstance;
import marina.backend.ProcessSettings;
import marina.backend.Room;
import marina.backend.RoomStarter;
import marina.config.ContextConfig;
import marina.config.ContextPath;
import marina.config.Directories;
import marina.metrics.ContextMeter;
import org.eclipse.jetty.server.Request;

/** Makes what contexts with a backend have in common, whatever runs in it. Thread-safe. */
final class Backends {
    private static final BackendListener NOBODY = (from, to, now) -> {};

    private final ContextFactory.Parts parts;
    private final Executor executor;
    private final ScheduledExecutorService scheduler;
    private final PathProcesses paths = new PathProcesses();
    private final DatabaseCopies copies;

    Backends(ContextFactory.Parts parts, Executor executor, ScheduledExecutorService scheduler) {
        this.parts = parts;
        this.executor = executor;
        this.scheduler = scheduler;
        this.copies = new DatabaseCopies(executor);
    }

    /** The database of a context that is made now. */
    ContextDatabase database(ContextConfig config, Directories directories) {
        return new ContextDatabase(config, directories, paths.of(config.path()), copies.of(config.path()));
    }

    /** Lets go of what was kept of a path that is gone. */
    void forget(ContextPath path) {
        copies.forget(path);
    }

    /** The backend of a context, without a process; stopped. */
    <I extends Instance> BackendGroup<I> create(ContextConfig config, InstanceStarter<I> starter) {
        return group(
                config,
                index -> new Backend<>(
                        settings(config, index), starter, scheduler, executor, counted(config, index, NOBODY)));
    }

    /** The backends of a context with processes, for each of which there must be room; stopped. */
    BackendGroup<ProcessInstance> createProcess(ContextConfig config, InstanceStarter<ProcessInstance> starter) {
        Room room = parts.processes().room();
        return group(config, index -> {
            BackendSettings settings = settings(config, index);
            RoomStarter roomStarter = new RoomStarter(settings.name(), starter, room);
            Backend<ProcessInstance> backend =
                    new Backend<>(settings, roomStarter, scheduler, executor, counted(config, index, room));
            roomStarter.serves(backend);
            return backend;
        });
    }

    private BackendListener counted(ContextConfig config, int index, BackendListener next) {
        ContextMeter meter = parts.meters().of(config.path().value());
        return new CountedLives(config, index, meter, parts.states(), next);
    }

    private static <I extends Instance> BackendGroup<I> group(ContextConfig config, IntFunction<Backend<I>> maker) {
        List<Backend<I>> group = IntStream.range(0, config.lifecycle().instances())
                .mapToObj(maker)
                .toList();
        return new BackendGroup<>(group, config.lifecycle().minInstances());
    }

    private static BackendSettings settings(ContextConfig config, int index) {
        String version = config.version().isEmpty() ? "" : "##" + config.version();
        return new BackendSettings(
                BackendSettings.instanceName(config.path() + version, index),
                config.source().toString(),
                config.lifecycle().idleTimeout(),
                index < config.lifecycle().minInstances());
    }

    /** The instances of a context that is made now, with its hooks around them. */
    Generation generation(ContextConfig config, Path directory, ContextDatabase database) {
        HookRuns hooks = new HookRuns(
                parts.processes().hooks(),
                config.path().value(),
                config.hooks(),
                directory,
                parts.processes().logs().of(config.path()),
                ProcessSettings.accountOf(config.process()),
                database::before);
        return new Generation(
                hooks, paths.of(config.path()), !config.lifecycle().rollingRestart());
    }

    /** What requests need that wait for a start. */
    Parking parking(Request.Handler reroute) {
        return new Parking(scheduler, parts.server().getThreadPool(), parts.pages(), reroute);
    }
}
