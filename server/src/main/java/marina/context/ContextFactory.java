package marina.context;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import marina.backend.Endpoints;
import marina.backend.PortAllocator;
import marina.backend.ProcessTools;
import marina.backend.Room;
import marina.backend.SocketFolders;
import marina.config.Content;
import marina.config.ContextConfig;
import marina.config.ContextPath;
import marina.config.Directories;
import marina.config.Isolation;
import marina.config.LimitsConfig;
import marina.config.ServerConfig;
import marina.config.Template;
import marina.hook.HookRunner;
import marina.metrics.ContextMeters;
import marina.process.ProcessLauncher;
import marina.proxy.Forwarder;
import marina.session.SessionCensus;
import marina.valve.Accesses;
import marina.valve.HeaderRules;
import marina.valve.PublicFiles;
import marina.webapp.WarHost;
import marina.worker.WarThreads;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;

/** Makes mounted contexts out of their configuration: the one place that knows every kind. Thread-safe. */
public final class ContextFactory {
    private final Parts parts;
    private final Executor executor;
    private final Directories directories;
    private final WarCommands warCommands;
    private final Backends backends;
    private final ProcessContents processes;
    private final Delivery delivery;
    private final UpstreamContents upstreams;

    /**
     * What contexts are made of; all of it belongs to the server.
     *
     * @param server its threads run WARs and files
     * @param forwarder moves exchanges
     * @param wars hosts WARs in this JVM
     * @param processes runs processes
     * @param pages answers what contexts do not
     * @param accesses makes the rules for who may enter
     * @param scripts run for each request
     * @param variables what applications find in their environment besides what the operator writes, which wins
     * @param meters count what contexts do
     * @param states hear how applications come and go
     */
    public record Parts(
            Server server,
            Forwarder forwarder,
            WarHost wars,
            Processes processes,
            StatusPages pages,
            Accesses accesses,
            CgiScripts scripts,
            Function<ContextPath, Map<String, String>> variables,
            ContextMeters meters,
            StateListener states) {

        /** The context with these variables, as they are now. */
        ContextConfig told(ContextConfig config) {
            Map<String, String> more = variables.apply(config.path());
            if (more.isEmpty()) {
                return config;
            }
            Map<String, Template> env = new TreeMap<>();
            more.forEach((name, value) -> env.put(name, Template.literal(value)));
            env.putAll(config.env());
            return config.with(env);
        }
    }

    /**
     * What the processes of contexts and their hooks are run with.
     *
     * @param launcher starts processes
     * @param hooks runs hooks
     * @param logs takes their output
     * @param room says how many may run
     */
    public record Processes(ProcessLauncher launcher, HookRunner hooks, ContextLogs logs, Room room) {}

    /**
     * A factory.
     *
     * @param executor for starts and stops, which may block
     * @param scheduler for deadlines
     */
    public ContextFactory(Directories directories, Parts parts, Executor executor, ScheduledExecutorService scheduler) {
        this.directories = directories;
        this.parts = parts;
        this.executor = executor;
        this.warCommands = new WarCommands(
                directories,
                parts.wars,
                new ClassArchives(directories, parts.processes.launcher, WarCommands.CLASS_PATH));
        this.delivery = new Delivery(parts.server, parts.pages);
        this.upstreams = new UpstreamContents(
                parts, delivery, scheduler, directories.data().resolve("affinity.key"));
        this.backends = new Backends(parts, executor, scheduler);
        this.processes = new ProcessContents(
                parts,
                backends,
                delivery,
                new ProcessTools(
                        parts.processes.launcher,
                        new Endpoints(new PortAllocator(), new SocketFolders(directories.run())),
                        parts.forwarder::probe,
                        scheduler,
                        executor));
    }

    /**
     * Makes a context; nothing is started.
     *
     * @param reroute answers a request whose context was replaced while it waited
     */
    public MountedContext create(ContextConfig config, Request.Handler reroute) {
        ContextDatabase database = backends.database(config, directories);
        ContextContent content = config.content()
                .fold(new Content.Cases<>(
                        war -> war.isolation() == Isolation.PROCESS
                                ? isolated(config, war, database, reroute)
                                : hosted(parts.told(config), war, database, reroute),
                        command -> command(config, command, database, reroute),
                        upstream -> upstreams.create(config, upstream),
                        files -> files(config, files),
                        cgi -> parts.scripts.content(config, cgi)));
        return new MountedContext(
                config,
                database,
                LimitedContent.of(content, config.traffic(), backends.parking(reroute)),
                door(config),
                reroute,
                sessions(config),
                parts.meters.of(config.path().value()));
    }

    private SessionCensus sessions(ContextConfig config) {
        return config.content() instanceof Content.War war
                ? parts.wars.sessions(warCommands.warSettings(config, war))
                : SessionCensus.NONE;
    }

    /**
     * Makes the context anew around the application of another, whose requests in flight go on and which must not be retired
     * after that.
     *
     * @param config must ask for the same application
     * @param reroute as in {@link #create}
     * @return empty when there is nothing to go on with: make it anew then
     */
    public Optional<MountedContext> createAround(
            MountedContext current, ContextConfig config, Request.Handler reroute) {
        return current.around(
                config,
                content -> LimitedContent.of(content, config.traffic(), backends.parking(reroute)),
                door(config));
    }

    private ContextDoor door(ContextConfig config) {
        return new ContextDoor(
                parts.accesses.of(config.access()),
                delivery.publicFiles(config.access(), config.path()),
                new Closing(config.pages().closed(), parts.pages),
                delivery.compression(config),
                HeaderRules.of(config.access().delivery().headers().response()));
    }

    /** Other limits are in effect at once, also for what runs already. */
    public void limit(LimitsConfig limits) {
        parts.processes.room.limit(limits);
    }

    /** The files that come before all contexts, for paths with or without the base path. */
    public PublicFiles publicFiles(ServerConfig config) {
        return delivery.publicFiles(config.access(), config.basePath());
    }

    /** The upstreams of the routes of a configuration. */
    public UpstreamRoutes upstreams(ServerConfig config) {
        return new UpstreamRoutes(config, parts.forwarder, delivery.routeCompression(config.access()), parts.pages);
    }

    /** Keeps what is unpacked for these contents, whatever becomes of their archives; what is left of others goes. */
    public void keepFilesOf(List<Content.War> mounted) {
        parts.wars.keep(mounted);
    }

    /** Lets go of what was kept for the generations of a context that is gone. */
    public void forget(ContextPath path) {
        parts.processes.logs.close(path);
        backends.forget(path);
        parts.meters.forget(path.value());
    }

    private ContextContent command(
            ContextConfig config, Content.Command command, ContextDatabase database, Request.Handler reroute) {
        String strip =
                command.stripPath() && !config.path().isRoot() ? config.path().value() : "";
        ProcessContents.Program program =
                new ProcessContents.Program(command::command, command.directory(), strip, () -> {});
        return processes.create(config, program, database, reroute);
    }

    private ContextContent isolated(
            ContextConfig config, Content.War war, ContextDatabase database, Request.Handler reroute) {
        ProcessContents.Program program = new ProcessContents.Program(
                () -> warCommands.command(config, war),
                directories.base(),
                "",
                () -> executor.execute(() -> warCommands.started(config, war)));
        return processes.create(warCommands.withEnvironment(config, war), program, database, reroute);
    }

    private ContextContent hosted(
            ContextConfig config, Content.War war, ContextDatabase database, Request.Handler reroute) {
        WarThreads threads = parts.server.getBean(WarThreads.class);
        HostedStarter starter = new HostedStarter(
                config,
                warCommands.warSettings(config, war),
                war.stamp(),
                parts.wars,
                backends.generation(config, directories.base(), database),
                executor);
        return new BackendContent<>(
                backends.create(config, starter),
                config,
                latest -> (instance, request, response, callback) -> new BlockingExchange(
                                instance.war(),
                                threads,
                                parts.pages,
                                latest.lifecycle().websocketsHold())
                        .handle(request, response, callback),
                false,
                backends.parking(reroute));
    }

    private ContextContent files(ContextConfig config, Content.Files files) {
        FilesHandler handler = new FilesHandler(config, files.site(), delivery.store(), parts.pages);
        return new DirectContent(handler::handle, false, "", () -> CompletableFuture.completedFuture(null));
    }
}
