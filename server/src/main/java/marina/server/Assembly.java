package marina.server;

import ch.qos.logback.classic.LoggerContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import marina.config.Content;
import marina.config.ContextConfig;
import marina.config.Directories;
import marina.config.ServerConfig;
import marina.context.BackendFailurePage;
import marina.context.ContextFactory;
import marina.context.ContextLogs;
import marina.context.StatusPages;
import marina.hook.HookRunner;
import marina.host.ConfigWatch;
import marina.host.Host;
import marina.host.Reloader;
import marina.host.Services;
import marina.process.ProcessLauncher;
import marina.proxy.Forwarder;
import marina.webapp.WarHost;
import org.eclipse.jetty.jmx.MBeanContainer;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
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

    /** sun_path of sockaddr_un(7), with its zero byte, on the systems that have the least. */
    private static final int LONGEST_SOCKET_PATH = 103;

    private final MarinaServer.Installation installation;
    private final ServerConfig config;
    private final Workers workers = Workers.create();
    private final Server jetty = new Server(threadPool());
    private final Jmx jmx;
    private final StatusPages pages;
    private final ProcessLauncher launcher;
    private final ServerHookRuns hooks;
    private final ContextLogs contextLogs;
    private final WarHost wars;
    private final Services services;
    private final Host host;
    private final Reloader reloader;
    private final ConfigWatch watch;
    private final Request.Handler control;
    private final Listeners listeners;
    private final EdgeHandler edge;
    private boolean serving; // whether the start got as far as to owe the stop hooks

    Assembly(MarinaServer.Installation installation, ServerConfig config, Request.Handler control) {
        this.installation = installation;
        this.config = config;
        this.control = control;
        Directories directories = installation.directories();
        jmx = new Jmx(installation.mbeans());
        pages = new StatusPages(this::maintenancePage, directories.base());
        launcher = launcher(directories);
        HookRunner hookRunner = new HookRunner(launcher);
        hooks = new ServerHookRuns(hookRunner, directories, installation.environment());
        contextLogs = new ContextLogs(
                (LoggerContext) LoggerFactory.getILoggerFactory(), config.log().directory());
        Forwarder forwarder = new Forwarder(jetty, new BackendFailurePage(pages, jetty.getThreadPool()));
        jetty.addBean(forwarder);
        wars = new WarHost(jetty, directories.lib(), directories.work());
        ContextFactory factory = new ContextFactory(
                directories,
                new ContextFactory.Parts(jetty, forwarder, wars, launcher, hookRunner, contextLogs, pages),
                workers.executor(),
                workers.scheduler());
        services = new Services(launcher, contextLogs::ofService, workers.scheduler(), jmx);
        host = new Host(config, factory, pages, jmx);
        listeners = new Listeners(jetty, directories.base(), workers, jmx);
        edge = new EdgeHandler(
                host::config, listeners, new RootHandler(() -> host.config().health(), host, pages));
        reloader = new Reloader(
                installation.loader(), installation.serverFile(), host, services, this::listen, this::reloaded);
        watch = new ConfigWatch(directories, this::watched, this::reload);
        assemble();
    }

    Host host() {
        return host;
    }

    Reloader reloader() {
        return reloader;
    }

    Jmx jmx() {
        return jmx;
    }

    Listeners listeners() {
        return listeners;
    }

    void start() throws StartException {
        Directories directories = installation.directories();
        makeWritable(directories.run(), directories.data(), directories.work());
        listeners.open(config.listen());
        launcher.endOrphans().forEach(LOG::warn);
        hooks.start(config.hooks());
        Connectors.addControl(jetty, controlSocket(directories));
        services.apply(config.services()).join();
        host.mount();
        try {
            jetty.start();
        } catch (Exception e) {
            throw new StartException(
                    "the HTTP server did not start: " + e
                            + (tooLong(directories)
                                    ? "; the path of " + controlSocket(directories)
                                            + " is longer than a socket's may be, choose a shorter MARINA_BASE"
                                    : ""),
                    e);
        }
        Connectors.guardControl(controlSocket(directories));
        serving = true;
        host.start();
        watch.start(workers.scheduler(), workers.executor());
        var unused = hooks.ready(config.hooks(), reloader);
    }

    void giveUpStart() {
        hooks.giveUpStart();
    }

    void stop() {
        watch.close();
        reloader.close();
        if (jetty.isRunning()) {
            Farewell.say(jetty, listeners, edge, host.config().drain());
        }
        host.stop(Duration.ZERO).exceptionally(failure -> null).join();
        services.stop().exceptionally(failure -> null).join();
        try {
            jetty.stop();
        } catch (Exception e) {
            LOG.warn("The HTTP server did not stop cleanly", e);
        }
        listeners.close();
        wars.close();
        if (serving) {
            hooks.stop(host.config().hooks());
        }
        launcher.close();
        contextLogs.close();
        jmx.close();
        workers.close();
    }

    /** The control socket of an instance; short where the working directory permits, because its length is limited. */
    static Path controlSocket(Directories directories) {
        return directories.run().resolve("marina.sock");
    }

    static ProcessLauncher launcher(Directories directories) {
        return new ProcessLauncher(directories.run().resolve("processes"));
    }

    private void assemble() {
        jetty.setName("marina");
        jetty.setErrorHandler(new CleanErrors());
        jetty.setRequestLog(AccessLog.of(config.log().access()));
        jetty.addBean(new MBeanContainer(installation.mbeans()));
        jetty.setHandler(new Farewell(new ByConnector(edge)));
    }

    private void reload() {
        var unused = reloader.reload(); // its outcome is logged
    }

    private void reloaded(ServerConfig next) {
        var unused = hooks.ready(next.hooks(), reloader);
    }

    private String maintenancePage() {
        return host.config().maintenancePage();
    }

    private List<String> listen(ServerConfig next) {
        return listeners.change(next.listen(), next.drain().timeout());
    }

    /** The files outside of conf and webapps whose change is a change of the configuration. */
    private Collection<Path> watched() {
        Stream<Path> pems = host.config().listen().stream()
                .flatMap(listener -> listener.tls().certificates().stream())
                .flatMap(files -> Stream.of(files.certificate(), files.key()));
        return Stream.concat(pems, archives()).toList();
    }

    private Stream<Path> archives() {
        return host.config().contexts().values().stream()
                .map(ContextConfig::content)
                .filter(Content.War.class::isInstance)
                .map(content -> ((Content.War) content).archive());
    }

    private static void makeWritable(Path... folders) throws StartException {
        for (Path folder : folders) {
            try {
                Files.createDirectories(folder);
            } catch (IOException e) {
                throw new StartException("cannot make the folder " + folder + ": " + e, e);
            }
            if (!Files.isWritable(folder)) {
                throw new StartException("the folder " + folder + " is not writable; change its owner or its mode");
            }
        }
    }

    private static boolean tooLong(Directories directories) {
        return controlSocket(directories).toString().length() > LONGEST_SOCKET_PATH;
    }

    private static QueuedThreadPool threadPool() {
        QueuedThreadPool pool = new QueuedThreadPool();
        pool.setName("marina-http");
        return pool;
    }

    /** Error answers that Jetty itself gives, for example to a malformed request: the status and nothing else. */
    private final class CleanErrors implements Request.Handler {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            pages.error(response.getStatus(), request, response, callback);
            return true;
        }
    }

    /** Keeps the control socket and the addresses apart. */
    private final class ByConnector extends Handler.Wrapper {
        ByConnector(Handler root) {
            super(root);
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            String connector = request.getConnectionMetaData().getConnector().getName();
            return Connectors.CONTROL.equals(connector)
                    ? control.handle(request, response, callback)
                    : super.handle(request, response, callback);
        }
    }
}
