package marina.webapp;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import marina.config.EeLevel;
import marina.leak.LeakGuard;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A WAR that runs in this JVM. Thread-safe. */
public final class HostedWar {
    private static final Logger LOG = LoggerFactory.getLogger(HostedWar.class);

    private final ContextHandler handler;
    private final WarTargets targets;
    private final EeLevel level;
    private final DatabasePool pool;
    private final Path temp;
    private final WarFiles files;
    private final LeakGuard leaks;
    private final AtomicBoolean stopped = new AtomicBoolean();

    /**
     * One that is about to be started.
     *
     * @param files of the WAR, given back when it stops
     * @param temp its own files, deleted when it stops
     * @param leaks cleans up after it
     */
    HostedWar(WebApp webApp, EeLevel level, DatabasePool pool, WarFiles files, Path temp, LeakGuard leaks) {
        this.handler = webApp.handler();
        this.targets = new WarTargets(handler, leaks);
        this.level = level;
        this.pool = pool;
        this.files = files;
        this.temp = temp;
        this.leaks = leaks;
    }

    /** Answers its requests; a request outside its context path is not handled. */
    public Handler.Container handler() {
        return targets;
    }

    /** The level that it is hosted with. */
    public EeLevel level() {
        return level;
    }

    /** What it finds in JNDI. */
    DataSource dataSource() {
        return pool.dataSource();
    }

    /** Stops it, closes its pool, drops its class loader; blocks. Stopping twice does nothing. */
    public void stop() {
        if (!stopped.compareAndSet(false, true)) {
            return;
        }
        ClassLoader webApp = handler.getClassLoader();
        try {
            handler.stop();
        } catch (Exception e) {
            LOG.warn("Context {} did not stop cleanly", handler.getContextPath(), e);
        }
        pool.close();
        if (webApp != null) {
            leaks.stopped(
                    handler.getContextPath(),
                    files.archive(),
                    webApp,
                    handler.getServer().getThreadPool());
        }
        // Takes its names out of JNDI.
        handler.destroy();
        WorkFolder.delete(temp);
        files.close();
    }
}
