package marina.server;

import ch.qos.logback.classic.LoggerContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import marina.config.Content;
import marina.config.ContextConfig;
import marina.config.Directories;
import marina.config.ErrorPages;
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
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.Graceful;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of a server and the order in which they start and stop.
 *
 * <pre>
 * connectors → GracefulHandler → ByConnector ┬ control socket → the control handler
 *                                            └ addresses → RootHandler (health) → Host (mount table) → context
 * </pre>
 */
final class Assembly {
    private static final Logger LOG = LoggerFactory.getLogger(Assembly.class);

    /** How long requests in flight may take when the server stops. */
    private static final Duration DRAIN = Duration.ofSeconds(10);

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
    private final FrontGuard guard;
    private final Request.Handler control;
    private List<ServerConnector> connectors = List.of();
    private boolean serving; // whether the start got as far as to owe the stop hooks

    Assembly(MarinaServer.Installation installation, ServerConfig config, Request.Handler control) {
        this.installation = installation;
        this.config = config;
        this.control = control;
        Directories directories = installation.directories();
        jmx = new Jmx(installation.mbeans());
        pages = new StatusPages(this::maintenancePage, this::errorPages, directories.base());
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
        reloader = new Reloader(installation.loader(), installation.serverFile(), host, services, this::reloaded);
        guard = new FrontGuard(host::config);
        watch = new ConfigWatch(directories, this::archives, this::reload);
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

    List<ServerConnector> connectors() {
        return connectors;
    }

    void start() throws StartException {
        Directories directories = installation.directories();
        makeWritable(directories.run(), directories.data(), directories.work());
        connectors = Connectors.open(jetty, config.listen(), guard);
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
        guard.watch(connectors, workers.scheduler());
        var unused = hooks.ready(config.hooks(), reloader);
    }

    void giveUpStart() {
        hooks.giveUpStart();
    }

    void stop() {
        watch.close();
        reloader.close();
        drain();
        host.stop(Duration.ZERO).exceptionally(failure -> null).join();
        services.stop().exceptionally(failure -> null).join();
        try {
            jetty.stop();
        } catch (Exception e) {
            LOG.warn("The HTTP server did not stop cleanly", e);
        }
        connectors.forEach(ServerConnector::close); // of a server that never started
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
        RootHandler root = new RootHandler(() -> host.config().health(), host, guard, pages);
        jetty.setHandler(new GracefulHandler(new ByConnector(root)));
    }

    private void drain() {
        if (!jetty.isRunning()) {
            return;
        }
        try {
            Graceful.shutdown(jetty).get(DRAIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warn("Requests were still in flight after {}s; they are cut off", DRAIN.toSeconds());
        } catch (ExecutionException e) {
            LOG.warn("Requests could not be drained", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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

    private ErrorPages errorPages() {
        return host.config().errorPages();
    }

    private Collection<Path> archives() {
        return host.config().contexts().values().stream()
                .map(ContextConfig::content)
                .filter(Content.War.class::isInstance)
                .map(content -> ((Content.War) content).archive())
                .toList();
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
