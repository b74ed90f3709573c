package marina.server;

import java.net.URI;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.management.MBeanServer;
import marina.config.ConfigLoader;
import marina.config.Directories;
import marina.config.ServerConfig;
import marina.config.SettingsFiles;
import marina.config.Value;
import marina.context.MountedContext;
import marina.hook.HookLog;
import marina.host.Deployments;
import marina.host.Host;
import marina.host.Reloader;
import marina.host.Services;
import marina.metrics.TrafficStatus;
import marina.navigator.NavigatorFormat;
import marina.process.ProcessLauncher;
import marina.user.UserFiles;
import marina.valve.Fleet;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Marina from start to stop; two of them can live in one JVM. {@link #start} and {@link #stop} are called once each,
 * everything else is thread-safe.
 */
public final class MarinaServer {
    private static final Logger LOG = LoggerFactory.getLogger(MarinaServer.class);

    private final Installation installation;
    private final Assembly assembly;
    private final long startMillis = System.currentTimeMillis();

    /**
     * What a server is made from.
     *
     * @param directories the instance's folders
     * @param serverFile the server's configuration file
     * @param environment what {@code ${NAME}} in the configuration falls back to, and what server hooks get
     * @param mbeans where it shows itself; asked when it serves, because the JVM takes long to make its own
     * @param loader reads the configuration of this instance
     */
    public record Installation(
            Directories directories,
            Path serverFile,
            Map<String, String> environment,
            Supplier<MBeanServer> mbeans,
            ConfigLoader loader) {

        /** One with a loader of its own. */
        public Installation(
                Directories directories,
                Path serverFile,
                Map<String, String> environment,
                Supplier<MBeanServer> mbeans) {
            this(
                    directories,
                    serverFile,
                    environment,
                    mbeans,
                    new ConfigLoader(directories, environment, new NavigatorFormat(directories, environment)));
        }
    }

    /** Assembles a server from a configuration that lacks nothing, whose start hooks are still to run. */
    public MarinaServer(Installation installation, ServerConfig config, Function<MarinaServer, Administration> admin) {
        this(
                installation,
                new Prepared(config, false, SettingsFiles.present(installation.directories, installation.serverFile)),
                admin);
    }

    /**
     * Assembles a server that does not listen yet.
     *
     * @param admin answers what comes through the control socket and the admin listener
     */
    public MarinaServer(Installation installation, Prepared prepared, Function<MarinaServer, Administration> admin) {
        this.installation = installation;
        this.assembly = new Assembly(installation, prepared, admin.apply(this));
    }

    /**
     * Binds its addresses, ends what an earlier run left behind, runs the start hooks, and then serves.
     *
     * @throws StartException when it cannot; nothing is left running then
     */
    public void start() throws StartException {
        try {
            assembly.start();
            assembly.jmx.register(new ServerBean(this));
            MachineBean bean = new MachineBean(assembly.machine);
            assembly.jmx.register(bean);
            assembly.machine.idle().listen(bean);
        } catch (StartException | RuntimeException | Error e) {
            stop();
            throw e;
        }
        LOG.info("Server startup in [{}] milliseconds: {}", System.currentTimeMillis() - startMillis, urls());
        adminUrls().forEach(url -> LOG.info("Console at {}/console/", url));
    }

    /** Ends the start hooks, if they run: {@link #start} then fails. */
    public void giveUpStart() {
        assembly.giveUpStart();
    }

    /** Refuses new work, lets requests in flight end, stops all contexts at once, runs the stop hooks. */
    public void stop() {
        long start = System.nanoTime();
        assembly.stop();
        LOG.info("Server stopped in [{}] milliseconds", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    }

    /** The live set of contexts. */
    public Host host() {
        return assembly.host();
    }

    /** What reloads the configuration. */
    public Reloader reloader() {
        return assembly.reloader();
    }

    /** The machine that it runs on: in use, asleep, waking. */
    public MachineSleep machine() {
        return assembly.machine;
    }

    /** Answers with all metrics in Prometheus' text; blocks no thread of requests. */
    public void answerMetrics(Request request, Response response, Callback callback) {
        assembly.telemetry.answer(request, response, callback);
    }

    /** Where Prometheus reads: {@code metrics.listen}; empty without that, or when it could not be opened. */
    public Optional<URI> metricsUrl() {
        return assembly.telemetry.url();
    }

    /** Requests of clients since the start, their rate and their latencies. */
    public TrafficStatus traffic() {
        return assembly.telemetry.traffic().status();
    }

    /** The addresses of the admin listener; none where it is off or could not be opened. */
    public List<URI> adminUrls() {
        return assembly.listeners().admin().urls();
    }

    /** Runs what may block, apart from the threads of requests. */
    public Executor executor() {
        return assembly.workers.executor();
    }

    /** For deadlines and what is done again and again; its tasks must be short. */
    public ScheduledExecutorService scheduler() {
        return assembly.workers.scheduler();
    }

    /** How many requests are being answered now, those of operators not among them. */
    public long requestsInFlight() {
        return assembly.farewell.requests();
    }

    /** Stopped applications that are still in memory; causes garbage collections, blocks for up to half a second. */
    public List<String> findLeaks() {
        return assembly.leaks.find();
    }

    /**
     * An address with TLS.
     *
     * @param ciphers that it offers
     * @param certificates one line each
     */
    public record TlsListener(URI url, List<String> ciphers, List<String> certificates) {}

    /** The addresses with TLS. */
    public List<TlsListener> tlsListeners() {
        return assembly.listeners().all().stream()
                .flatMap(listener -> listener.tls().stream()
                        .map(tls -> new TlsListener(
                                listener.url(), List.of(tls.factory().getSelectedCipherSuites()), tls.describe())))
                .toList();
    }

    /** The server file as it is now, in Marina's own form; a {@link marina.config.ConfigException} when it has mistakes. */
    public Value.Mapping serverFile() {
        return installation.loader().nativeForm(installation.serverFile(), note -> {});
    }

    /** Where it shows itself in JMX. */
    public MBeanServer mbeans() {
        return installation.mbeans().get();
    }

    /** What puts archives into webapps and takes them out. */
    public Deployments deployments() {
        return assembly.deployments;
    }

    /** The helper processes of the server. */
    public Services services() {
        return assembly.services;
    }

    /** The machines that run the same configuration. */
    public Fleet fleet() {
        return assembly.fleet;
    }

    /** The hooks that have run lately. */
    public HookLog hooks() {
        return assembly.hookLog;
    }

    /** Who the users are. */
    public UserFiles users() {
        return assembly.users;
    }

    /** How many contexts have a process, or are about to have or to lose one. */
    public int runningBackends() {
        return assembly.room.occupancy().running();
    }

    /** How many may: {@code limits.backends}; 0 means any number. */
    public int maxBackends() {
        return assembly.room.occupancy().most();
    }

    /** How many contexts wait for room to start. */
    public int waitingForRoom() {
        return assembly.room.occupancy().waiting();
    }

    /** Has a thread of requests run the task, when one is free; for whoever wants to know that one will be. */
    public void whenAThreadIsFree(Runnable task) {
        Workers.ofWars(assembly.jetty()).execute(task);
    }

    /** The virtual threads that run requests now; the JVM's own lists lack them. */
    public Collection<Thread> virtualThreads() {
        return Workers.ofWars(assembly.jetty()).running();
    }

    /** The instance that it runs. */
    public Directories directories() {
        return installation.directories();
    }

    /** Milliseconds since it was made. */
    public long uptimeMillis() {
        return System.currentTimeMillis() - startMillis;
    }

    /** The URLs that it answers at, {@code http://localhost:8080}, without a slash at the end; those of ports first. */
    public List<URI> urls() {
        return assembly.listeners().urls();
    }

    /** The URL of a context, at the first address. */
    public String url(MountedContext context) {
        return urls().get(0) + context.path().prefix();
    }

    /**
     * Ends the processes that a killed Marina left running.
     *
     * @return a line for each
     */
    public static List<String> endOrphans(Directories directories) {
        try (ProcessLauncher launcher = Assembly.launcher(directories)) {
            return launcher.endOrphans();
        }
    }

    /** Marina's version, {@code dev} when it does not run from its jar. */
    public static String version() {
        String version = MarinaServer.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }
}
