package marina.webapp;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pools of the WARs that run, in JMX. While one run of a WAR takes over from another, the name belongs to the newer one.
 * Thread-safe.
 */
final class PoolBeans {
    private static final Logger LOG = LoggerFactory.getLogger(PoolBeans.class);

    private final Supplier<MBeanServer> mbeans;
    private final Map<String, PoolMXBean> shown = new HashMap<>(); // guarded by this

    PoolBeans(Supplier<MBeanServer> mbeans) {
        this.mbeans = mbeans;
    }

    /** Shows a pool in place of another one of its context. */
    synchronized void show(String contextPath, PoolMXBean pool) {
        remove(contextPath);
        try {
            mbeans.get().registerMBean(pool, name(contextPath));
            shown.put(contextPath, pool);
        } catch (JMException e) {
            LOG.warn("The pool of {} cannot be shown in JMX", contextPath, e);
        }
    }

    /** Takes a pool away, unless another one has its place. */
    synchronized void hide(String contextPath, PoolMXBean pool) {
        if (pool.equals(shown.get(contextPath))) {
            remove(contextPath);
        }
    }

    /** Those that are shown, by the path of their context. */
    synchronized Map<String, PoolMXBean> all() {
        return Map.copyOf(shown);
    }

    /** Gives up the connections of all pools. */
    synchronized void evict() {
        shown.values().forEach(PoolMXBean::evict);
    }

    private void remove(String contextPath) {
        if (shown.remove(contextPath) != null) {
            try {
                mbeans.get().unregisterMBean(name(contextPath));
            } catch (JMException e) {
                LOG.debug("The pool of {} has gone from JMX already", contextPath, e);
            }
        }
    }

    private static ObjectName name(String contextPath) throws JMException {
        return new ObjectName("marina:type=Pool,context=" + ObjectName.quote(contextPath));
    }
}
