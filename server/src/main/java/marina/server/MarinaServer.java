package marina.server;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.management.MBeanServer;
import marina.config.ConfigLoader;
import marina.config.Directories;
import marina.config.ServerConfig;
import marina.context.MountedContext;
import marina.host.Host;
import marina.host.Reloader;
import marina.navigator.NavigatorFormat;
import marina.process.ProcessLauncher;
import org.eclipse.jetty.server.Request;
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
     * @param mbeans where it shows itself
     */
    public record Installation(
            Directories directories, Path serverFile, Map<String, String> environment, MBeanServer mbeans) {

        /** Reads the configuration of this instance. */
        public ConfigLoader loader() {
            return new ConfigLoader(directories, environment, new NavigatorFormat(directories, environment));
        }
    }

    /**
     * Assembles a server that does not listen yet.
     *
     * @param control answers what comes through the control socket
     */
    public MarinaServer(
            Installation installation, ServerConfig config, Function<MarinaServer, Request.Handler> control) {
        this.installation = installation;
        this.assembly = new Assembly(installation, config, control.apply(this));
    }

    /**
     * Binds its addresses, ends what an earlier run left behind, runs the start hooks, and then serves.
     *
     * @throws StartException when it cannot; nothing is left running then
     */
    public void start() throws StartException {
        try {
            assembly.start();
            assembly.jmx().register(new ServerBean(this));
            MachineBean bean = new MachineBean(assembly.machine());
            assembly.jmx().register(bean);
            assembly.machine().idle().listen(bean);
        } catch (StartException | RuntimeException | Error e) {
            stop();
            throw e;
        }
        LOG.info("Server startup in [{}] milliseconds: {}", System.currentTimeMillis() - startMillis, urls());
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
        return assembly.machine();
    }

    /** How many contexts have a process, or are about to have or to lose one. */
    public int runningBackends() {
        return assembly.room().occupancy().running();
    }

    /** How many may: {@code limits.backends}; 0 means any number. */
    public int maxBackends() {
        return assembly.room().occupancy().most();
    }

    /** How many contexts wait for room to start. */
    public int waitingForRoom() {
        return assembly.room().occupancy().waiting();
    }

    /** Has a thread of requests run the task, when one is free; for whoever wants to know that one will be. */
    public void whenAThreadIsFree(Runnable task) {
        assembly.threads().execute(task);
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

    /** The server in JMX. */
    private record ServerBean(MarinaServer server) implements ServerMXBean {
        @Override
        public String getVersion() {
            return version();
        }

        @Override
        public long getPid() {
            return ProcessHandle.current().pid();
        }

        @Override
        public long getUptimeMillis() {
            return server.uptimeMillis();
        }

        @Override
        public List<String> getUrls() {
            return server.urls().stream().map(URI::toString).toList();
        }

        @Override
        public int getContexts() {
            return server.host().contexts().size();
        }

        @Override
        public int getRunningBackends() {
            return server.runningBackends();
        }

        @Override
        public int getMaxBackends() {
            return server.maxBackends();
        }

        @Override
        public int getWaitingForRoom() {
            return server.waitingForRoom();
        }

        @Override
        public String getBase() {
            return server.directories().base().toString();
        }

        @Override
        public List<String> findLeaks() {
            return server.assembly.leaks().find();
        }

        @Override
        public List<String> reload() {
            return server.reloader().reload().join().messages();
        }
    }
}
