package marina.context;

import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import marina.backend.Backend;
import marina.backend.BackendListener;
import marina.backend.BackendSettings;
import marina.backend.ContextLifecycleListener;
import marina.backend.HookListener;
import marina.backend.Instance;
import marina.backend.InstanceStarter;
import marina.backend.ProcessSettings;
import marina.backend.ProcessInstance;
import marina.backend.Room;
import marina.backend.RoomStarter;
import marina.config.ContextConfig;
import org.eclipse.jetty.server.Request;

/** Makes what contexts with a backend have in common, whatever runs in it. Thread-safe. */
final class Backends {
    private static final BackendListener NOBODY = (from, to, now) -> {};

    private final ContextFactory.Parts parts;
    private final Executor executor;
    private final ScheduledExecutorService scheduler;

    Backends(ContextFactory.Parts parts, Executor executor, ScheduledExecutorService scheduler) {
        this.parts = parts;
        this.executor = executor;
        this.scheduler = scheduler;
    }

    /** The backend of a context, without a process; stopped. */
    <I extends Instance> Backend<I> create(ContextConfig config, InstanceStarter<I> starter) {
        return new Backend<>(settings(config), starter, scheduler, executor, NOBODY);
    }

    /** The backend of a context with a process, for which there must be room; stopped. */
    Backend<ProcessInstance> createProcess(ContextConfig config, InstanceStarter<ProcessInstance> starter) {
        BackendSettings settings = settings(config);
        Room room = parts.processes().room();
        RoomStarter roomStarter = new RoomStarter(settings.name(), starter, room);
        Backend<ProcessInstance> backend = new Backend<>(settings, roomStarter, scheduler, executor, room);
        roomStarter.serves(backend);
        return backend;
    }

    /** The hooks of a context. */
    ContextLifecycleListener hooks(ContextConfig config, Path directory) {
        return new HookListener(
                parts.processes().hooks(),
                config.path().value(),
                config.hooks(),
                directory,
                parts.processes().logs().of(config.path()),
                ProcessSettings.accountOf(config.process()));
    }

    private static BackendSettings settings(ContextConfig config) {
        return new BackendSettings(
                config.path().value(),
                config.source().toString(),
                config.lifecycle().idleTimeout(),
                config.lifecycle().minInstances() > 0);
    }

    /** What requests need that wait for a start. */
    BackendContent.Parking parking(Request.Handler reroute) {
        return new BackendContent.Parking(scheduler, parts.server().getThreadPool(), parts.pages(), reroute);
    }
}
