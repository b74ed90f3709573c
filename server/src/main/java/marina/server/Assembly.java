package marina.server;

import java.time.Duration;
import java.util.List;
import marina.acme.Challenges;
import marina.backend.MemoryWatch;
import marina.backend.Room;
import marina.backend.SocketFolders;
import marina.cgi.CgiRunner;
import marina.config.Directories;
import marina.config.ServerConfig;
import marina.context.BackendFailurePage;
import marina.context.CgiScripts;
import marina.context.ContextFactory;
import marina.context.ContextLogs;
import marina.context.PlaceAnswers;
import marina.context.StatusPages;
import marina.hook.HookLog;
import marina.hook.HookRunner;
import marina.host.Deployments;
import marina.host.Host;
import marina.host.Reloader;
import marina.host.Services;
import marina.leak.LeakGuard;
import marina.process.ProcessLauncher;
import marina.proxy.Forwarder;
import marina.user.UserFiles;
import marina.valve.Accesses;
import marina.valve.Fleet;
import marina.webapp.WarHost;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of a server and the order in which they start and stop.
 *
 * <pre>
 * connectors → Farewell (drain) → ByConnector ┬ control socket → the control handler
 *                                             └ addresses → EdgeHandler (https) → RootHandler (health)
 *                                                            → Host (mount table) → context
 * </pre>
 */
final class Assembly {
    private static final Logger LOG = LoggerFactory.getLogger(Assembly.class);

    private final MarinaServer.Installation installation;
    private final ServerConfig config;
    final LeakGuard leaks = new LeakGuard();
    final Workers workers = Workers.create(leaks);
    private final Server jetty = new Server(Workers.ofRequests(leaks), null, Connectors.buffers());
    final Jmx jmx;
    private final StatusPages pages;
    private final ProcessLauncher launcher;
    private final ServerHookRuns hooks;
    private final ContextLogs contextLogs;
    private final WarHost wars;
    private final CgiScripts scripts;
    private final Pipeline pipeline;
    private final Accesses accesses;
    final Room room;
    private final MemoryWatch memory;
    final Services services;
    final Fleet fleet;
    private final Host host;
    private final Reloading reloading;
    private final FrontGuard guard;
    private final Listeners listeners;
    private final EdgeHandler edge;
    final Farewell farewell;
    final UserFiles users;
    final Deployments deployments;
    final HookLog hookLog = new HookLog();
    final MachineSleep machine;
    private final CablePort cable;
    private final VectorLine vector;
    private final RequestLogs requestLogs;
    final Telemetry telemetry;
    private boolean serving; // whether the start got as far as to owe the stop hooks

    Assembly(MarinaServer.Installation installation, Prepared prepared, Administration admin) {
        this.installation = installation;
        this.config = prepared.config();
        Directories directories = installation.directories();
        telemetry = new Telemetry(jetty, installation.environment());
        jmx = new Jmx(installation.mbeans(), path -> reloader().restart(path));
        pages = new StatusPages(() -> host().config().pages(), request -> host().pagesFor(request));
        cable = new CablePort(jetty, config, workers, pages);
        launcher = launcher(directories);
        HookRunner hookRunner = new HookRunner(launcher, hookLog);
        hooks = new ServerHookRuns(hookRunner, directories, installation.environment());
        vector = VectorLine.of(config.log().vector());
        requestLogs = new RequestLogs(config.log(), this::host, vector.feed());
        contextLogs = new ContextLogs(config.log().directory(), vector.copy());
        Forwarder forwarder = new Forwarder(jetty, new BackendFailurePage(pages, jetty.getThreadPool()));
        workers.serveWars(jetty, leaks).addBean(forwarder);
        users = new UserFiles(directories);
        accesses = new Accesses(
                pages::error,
                path -> host().servesFile(path),
                users,
                directories.data().resolve("session.key"));
        wars = new WarHost(
                jetty,
                new WarHost.Folders(directories.lib(), directories.work(), directories.data()),
                installation.mbeans(),
                leaks,
                users);
        room = new Room(config.limits(), workers.scheduler());
        memory = new MemoryWatch(room);
        scripts = new CgiScripts(
                new CgiRunner(
                        launcher, workers.scheduler(), CgiScripts.spool(directories.work()), CgiScripts.pages(pages)),
                accesses,
                pages,
                contextLogs,
                new CgiScripts.After(this::answerAgain, this::reloadAfterScript));
        ContextFactory factory = new ContextFactory(
                directories,
                new ContextFactory.Parts(
                        jetty,
                        forwarder,
                        wars,
                        new ContextFactory.Processes(launcher, hookRunner, contextLogs, room),
                        pages,
                        accesses,
                        scripts,
                        cable::variables,
                        telemetry.meters(),
                        jmx.states()),
                workers.executor(),
                workers.scheduler());
        services = new Services(launcher, contextLogs::ofService, workers.scheduler(), jmx, vector::beforeStart);
        PlaceAnswers elsewhere = new PlaceAnswers(pages, forwarder);
        fleet = new Fleet(installation.environment(), elsewhere, pages::error, workers.executor(), workers.scheduler());
        host = new Host(config, factory, pages, jmx, fleet::isMine);
        guard = new FrontGuard(host::config, telemetry::tracing);
        Challenges challenges = new Challenges();
        listeners = new Listeners(jetty, directories, workers, jmx, challenges, guard);
        pipeline = new Pipeline(host, accesses, pages, factory::upstreams, scripts, fleet, cable.cable());
        machine = new MachineSleep(
                new MachineSleep.Parts(installation, host, hooks, this::reloader, forwarder, workers, () -> farewell()
                        .requests()),
                guard.activity(),
                idle -> new SleepGate(
                        jetty.getThreadPool(),
                        workers.scheduler(),
                        pages,
                        idle,
                        installation.environment().containsKey("FLY_APP_NAME")));
        machine.onRest(() -> cable.cable().leave("the machine sleeps"));
        machine.onWake(wars::evictConnections, fleet::dropDns);
        edge = new EdgeHandler(
                host::config,
                listeners,
                challenges,
                new ConsolePath(
                        () -> host.config().admin().path(),
                        admin,
                        new RootHandler(host::config, pipeline, guard, pages, machine.gate())));
        farewell = new Farewell(new ByConnector(edge, admin, cable.cable()));
        reloading = new Reloading(
                installation, prepared, new Reloading.Parts(host, services, hooks, this::listen, this::reloaded));
        deployments = new Deployments(directories, host, reloading.reloader());
        telemetry.gather(
                new ServerMetrics.Parts(
                        telemetry, farewell::requests, host, room, services, wars, fleet, cable, machine, vector),
                new JmxPort(installation.mbeans(), users));
        assemble();
    }

    Host host() {
        return host;
    }

    Reloader reloader() {
        return reloading.reloader();
    }

    Server jetty() {
        return jetty;
    }

    private Farewell farewell() {
        return farewell;
    }

    Listeners listeners() {
        return listeners;
    }

    void start() throws StartException {
        Directories directories = installation.directories();
        InstanceFolders folders = new InstanceFolders(directories);
        folders.makeWritable();
        listeners.open(config);
        cable.follow(config);
        launcher.endOrphans().forEach(LOG::warn);
        new SocketFolders(directories.run()).removeLeftovers();
        reloading.runStartHooks();
        Connectors.addControl(jetty, folders.controlSocket());
        vector.start();
        services.apply(config.allServices()).join();
        host.mount();
        try {
            jetty.start();
        } catch (Exception e) {
            throw new StartException("the HTTP server did not start: " + e + folders.adviceOnSocket(), e);
        }
        Connectors.guardControl(folders.controlSocket());
        reloading.followStartHooks();
        jmx.register(new HooksBean(hookLog), new ValvesBean(host::config, guard, telemetry.traffic()));
        jmx.register(new FleetBean(fleet), new CableBean(cable.cable()));
        vector.show(jmx);
        requestLogs.show(jmx);
        telemetry.follow(host.config()); // which start hooks may have changed
        serving = true;
        reloader().applied().started(installation.serverFile());
        jmx.open(jetty); // later than the first answer, which would have to wait while the JVM makes its beans
        host.start();
        listeners.serving();
        host.watchVersions(workers.scheduler(), workers.executor());
        reloading.watch(workers.scheduler(), workers.executor());
        memory.start(workers.scheduler(), workers.executor());
        guard.watch(listeners::connectors, workers.scheduler());
        machine.start(reloading.readyHooks(host.config()));
    }

    void giveUpStart() {
        hooks.giveUpStart();
    }

    void stop() {
        machine.close();
        memory.close();
        reloading.close();
        listeners.endOrders();
        if (jetty.isRunning()) {
            Farewell.say(jetty, listeners, edge, cable, host.config().drain());
        }
        host.stop(Duration.ZERO).exceptionally(failure -> null).join();
        services.stop().exceptionally(failure -> null).join();
        telemetry.closePorts(); // they have threads of the server's pool
        try {
            jetty.stop();
        } catch (Exception e) {
            LOG.warn("The HTTP server did not stop cleanly", e);
        }
        telemetry.close();
        listeners.close();
        cable.close();
        wars.close();
        if (serving) {
            hooks.stop(host.config().hooks());
        }
        launcher.close();
        scripts.close();
        contextLogs.close();
        vector.close();
        accesses.close();
        jmx.close();
        workers.close();
    }

    static ProcessLauncher launcher(Directories directories) {
        return new ProcessLauncher(directories.run().resolve("processes"));
    }

    private void assemble() {
        jetty.setName("marina");
        jetty.setErrorHandler(new CleanErrors(guard, pages));
        requestLogs.install(jetty, farewell, telemetry);
    }

    private boolean answerAgain(Request request, Response response, Callback callback) throws Exception {
        return pipeline.again(request, response, callback);
    }

    private void reloadAfterScript(String file) {
        var unused = reloader()
                .reloadFromHook(installation.directories().base().resolve(file), false)
                .thenAccept(outcome -> LOG.info("After a script: {}", String.join("; ", outcome.messages())));
    }

    private void reloaded(ServerConfig next) {
        pipeline.prepare();
        machine.holdUntil(reloading.readyHooks(next));
    }

    private List<String> listen(ServerConfig next) {
        cable.follow(next); // before contexts are made, which are told of it
        telemetry.follow(next);
        return listeners.change(next);
    }
}
