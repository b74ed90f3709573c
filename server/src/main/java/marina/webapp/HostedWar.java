package marina.webapp;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import marina.config.EeLevel;
import marina.leak.LeakGuard;
import marina.worker.Brevity;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.jspecify.annotations.Nullable;
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
    private volatile SharedClasses.@Nullable Use classes;
    private final Brevity brevity = new Brevity();
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

    /** Whether its requests are short. */
    public Brevity brevity() {
        return brevity;
    }

    /** Whether its stop has begun: it may still answer, but has no error pages. */
    public boolean isStopped() {
        return stopped.get();
    }

    /** The level that it is hosted with. */
    public EeLevel level() {
        return level;
    }

    /** What it finds in JNDI. */
    DataSource dataSource() {
        return pool.dataSource();
    }

    /** It takes its classes from others, and gives them back when it has stopped. */
    void shares(SharedClasses.Use shared) {
        classes = shared;
    }

    /** Stops it, closes its pool, drops its class loader; blocks. Stopping twice does nothing. */
    public void stop() {
        if (!stopped.compareAndSet(false, true)) {
            return;
        }
        ClassLoader webApp = handler.getClassLoader();
        stopHandler();
        pool.close();
        if (webApp != null) {
            cleanUp(webApp);
        }
        // Takes its names out of JNDI.
        handler.destroy();
        SharedClasses.Use shared = classes;
        if (shared != null) {
            SharedClasses.close(webApp);
            shared.end().ifPresent(loader -> {
                cleanUp(loader);
                SharedClasses.close(loader);
            });
            classes = null;
            handler.setClassLoader(null); // Jetty does so only with a loader of its own making
        }
        WorkFolder.delete(temp);
        files.close();
    }

    /** One whose start has failed may not be able to stop parts that it has never had; that is no news. */
    private void stopHandler() {
        boolean failed = handler.isFailed();
        try {
            handler.stop();
        } catch (Exception e) {
            if (!failed) {
                LOG.warn("Context {} did not stop cleanly", handler.getContextPath(), e);
                return;
            }
            LOG.debug("Context {} stops after its start has failed", handler.getContextPath(), e);
        }
    }

    /** What is of shared classes may belong to any context that has them, so it stays until the last one has stopped. */
    private void cleanUp(ClassLoader loader) {
        leaks.stopped(
                handler.getContextPath(),
                files.archive(),
                loader,
                handler.getServer().getThreadPool());
        tidySelectors();
    }

    /** Their threads have served it too, where its requests were short, and look for no other task. */
    private void tidySelectors() {
        for (Connector connector : handler.getServer().getConnectors()) {
            SelectorManager manager = connector.getBean(SelectorManager.class);
            if (manager != null && manager.isRunning()) {
                manager.getBeans(ManagedSelector.class).forEach(each -> each.submit(selector -> leaks.tidy()));
            }
        }
    }
}
