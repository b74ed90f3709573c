package marina.server;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.management.ObjectName;
import marina.backend.BackendState;
import marina.backend.BackendStatus;
import marina.config.ContextConfig;
import marina.config.ContextPath;
import marina.context.MountedContext;
import marina.context.StateListener;
import marina.host.ReloadOutcome;

/**
 * The beans of contexts and of their instances. The bean of a path stays, with those who listen to it, when the context is made
 * anew. Thread-safe.
 */
final class ContextBeans extends StateNotices implements StateListener, ContextsMXBean {
    private final Map<String, ContextBean> shown = new ConcurrentHashMap<>();
    private final Map<ObjectName, String> backends = new ConcurrentHashMap<>(); // to the names of their contexts
    private final Function<ContextPath, CompletableFuture<ReloadOutcome>> restart;
    private final BiConsumer<Object, ObjectName> register;
    private final Consumer<ObjectName> remove;

    /**
     * None yet.
     *
     * @param restart restarts a context
     */
    ContextBeans(
            Function<ContextPath, CompletableFuture<ReloadOutcome>> restart,
            BiConsumer<Object, ObjectName> register,
            Consumer<ObjectName> remove) {
        this.restart = restart;
        this.register = register;
        this.remove = remove;
    }

    /** Shows a context by a name: its path, with its version when it is an older one. */
    void show(MountedContext context, String name) {
        ContextBean known = shown.get(name);
        if (known != null) {
            known.show(context);
        } else {
            ContextBean fresh = new ContextBean(context, name, restart);
            shown.put(name, fresh);
            register.accept(fresh, contextName(name));
        }
    }

    /** Shows a name no more. */
    void hide(String name) {
        if (shown.remove(name) != null) {
            remove.accept(contextName(name));
            backends.forEach((backend, context) -> {
                if (context.equals(name) && backends.remove(backend, context)) {
                    remove.accept(backend);
                }
            });
        }
    }

    @Override
    public void changed(ContextConfig config, int instance, BackendState from, BackendState to, BackendStatus now) {
        String version = config.path() + "##" + config.version();
        String name = shown.containsKey(version) ? version : config.path().value();
        ContextBean bean = shown.get(name);
        if (bean != null) {
            showBackend(bean, name, instance);
            bean.changed(name, from, to, now);
        }
        changed(name, from, to, now);
    }

    private void showBackend(ContextBean bean, String name, int instance) {
        ObjectName backend = Jmx.name("type=Backend,context=" + ObjectName.quote(name) + ",instance=" + instance);
        if (backends.putIfAbsent(backend, name) == null) {
            register.accept(new BackendBean(bean::instances, instance), backend);
        }
    }

    @Override
    public int getMounted() {
        return shown.size();
    }

    @Override
    public Map<String, Integer> getStates() {
        Map<String, Integer> states = new TreeMap<>();
        for (BackendState state : BackendState.values()) {
            states.put(state.name().toLowerCase(java.util.Locale.ROOT), 0);
        }
        shown.values().forEach(bean -> states.merge(bean.getState(), 1, Integer::sum));
        return states;
    }

    /** The highest version goes by the path, whatever its version. */
    private static ObjectName contextName(String pathAndVersion) {
        return Jmx.name("type=Context,path=" + ObjectName.quote(pathAndVersion));
    }
}
