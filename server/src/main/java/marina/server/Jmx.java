package marina.server;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import marina.config.ContextPath;
import marina.context.MountedContext;
import marina.context.StateListener;
import marina.host.HostListener;
import marina.host.ReloadOutcome;
import marina.host.Service;
import marina.host.ServiceListener;
import org.eclipse.jetty.jmx.MBeanContainer;
import org.eclipse.jetty.server.Server;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the MBeans in step with what is mounted. A name never changes as long as its path is mounted. Thread-safe. */
final class Jmx implements HostListener, ServiceListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Jmx.class);
    private static final String DOMAIN = "marina";

    private final Supplier<MBeanServer> mbeans;
    private final ContextBeans contexts;
    private final Set<ObjectName> registered = ConcurrentHashMap.newKeySet();
    private final Map<ObjectName, Object> waiting = new LinkedHashMap<>(); // guarded by itself
    private boolean open; // guarded by waiting

    /**
     * Shows nothing before it is opened.
     *
     * @param mbeans where
     * @param restart restarts a context
     */
    Jmx(Supplier<MBeanServer> mbeans, Function<ContextPath, CompletableFuture<ReloadOutcome>> restart) {
        this.mbeans = mbeans;
        this.contexts = new ContextBeans(restart, this::replace, this::remove);
        replace(contexts, name("type=Contexts"));
    }

    /** Shows what there is, Jetty's own beans too, and from now on all that comes. */
    void open(Server jetty) {
        jetty.addBean(new MBeanContainer(mbeans.get()));
        synchronized (waiting) {
            open = true;
            waiting.forEach((name, bean) -> replace(bean, name));
            waiting.clear();
        }
    }

    /** Hears of the states of contexts. */
    StateListener states() {
        return contexts;
    }

    void register(ServerMXBean server) {
        replace(server, serverName());
    }

    void register(HooksBean hooks, ValvesBean valves) {
        replace(hooks, name("type=Hooks"));
        replace(valves, name("type=Valves"));
    }

    void register(FleetBean fleet, CableBean cable) {
        replace(fleet, name("type=Fleet"));
        replace(cable, name("type=Cable"));
    }

    void register(AccessLogBean log) {
        replace(log, name("type=AccessLog"));
    }

    void register(VectorBean vector) {
        replace(vector, name("type=Vector"));
    }

    void register(MachineBean machine) {
        replace(machine, name("type=Machine"));
    }

    @Override
    public void mounted(MountedContext context) {
        contexts.show(context, context.path().value());
        context.pool()
                .ifPresentOrElse(
                        pool -> replace(new UpstreamBean(pool), upstreamName(context)),
                        () -> remove(upstreamName(context)));
    }

    @Override
    public void unmounted(MountedContext context) {
        contexts.hide(context.path().value());
        remove(upstreamName(context));
    }

    @Override
    public void olderMounted(MountedContext version) {
        contexts.show(version, version.versionName());
    }

    @Override
    public void olderUnmounted(MountedContext version) {
        contexts.hide(version.versionName());
    }

    @Override
    public void added(Service service) {
        replace(new ServiceBean(service), serviceName(service));
    }

    @Override
    public void removed(Service service) {
        remove(serviceName(service));
    }

    void added(ListenerBean bean) {
        replace(bean, listenerName(bean.listener()));
    }

    void removed(Listener listener) {
        remove(listenerName(listener));
    }

    /** Takes away what this server has registered. */
    @Override
    public void close() {
        registered.forEach(this::remove);
    }

    private void replace(Object bean, ObjectName name) {
        if (!isOpen(() -> waiting.put(name, bean))) {
            return;
        }
        try {
            remove(name);
            mbeans.get().registerMBean(bean, name);
            registered.add(name);
        } catch (JMException e) {
            LOG.warn("MBean {} could not be registered", name, e);
        }
    }

    private void remove(ObjectName name) {
        if (!isOpen(() -> waiting.remove(name))) {
            return;
        }
        registered.remove(name);
        try {
            if (mbeans.get().isRegistered(name)) {
                mbeans.get().unregisterMBean(name);
            }
        } catch (JMException e) {
            LOG.warn("MBean {} could not be removed", name, e);
        }
    }

    /** Otherwise it is noted for later. */
    private boolean isOpen(Runnable note) {
        synchronized (waiting) {
            if (!open) {
                note.run();
            }
            return open;
        }
    }

    private static ObjectName serverName() {
        return name("type=Server");
    }

    private static ObjectName upstreamName(MountedContext context) {
        return name("type=Upstream,context=" + ObjectName.quote(context.path().value()));
    }

    private static ObjectName serviceName(Service service) {
        return name("type=Service,name=" + ObjectName.quote(service.name()));
    }

    private static ObjectName listenerName(Listener listener) {
        return name(
                "type=Listener,address=" + ObjectName.quote(listener.config().address()));
    }

    static ObjectName name(String keys) {
        try {
            return new ObjectName(DOMAIN + ":" + keys);
        } catch (JMException e) {
            throw new IllegalArgumentException(keys + " is no name for an MBean", e);
        }
    }
}
