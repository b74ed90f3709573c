package marina.leak;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Hooks that would run at the end of the JVM, long after the application; its own are removed. Stateless. */
final class LeftShutdownHooks implements Finder {

    @Override
    public List<Left> find(StoppedApp app) {
        List<Left> left = new ArrayList<>();
        for (Thread hook : hooks()) {
            if (app.made(hook) || app.made(LiveThreads.task(hook).orElse(null))) {
                left.add(left(hook, app, "it has been removed and will not run", () -> Runtime.getRuntime()
                        .removeShutdownHook(hook)));
            } else if (app.owns(hook.getContextClassLoader())) {
                left.add(left(
                        hook,
                        app,
                        "its context class loader has been taken from it",
                        () -> hook.setContextClassLoader(ClassLoader.getSystemClassLoader())));
            }
        }
        return left;
    }

    private static Left left(Thread hook, StoppedApp app, String cured, Runnable cure) {
        String name = LiveThreads.task(hook)
                .map(task -> task.getClass().getName())
                .orElse(hook.getClass().getName());
        return new Left(
                "shutdown hook " + name,
                "The web application [" + app.path() + "] registered the shutdown hook [" + name
                        + "] but failed to remove it when the web application was stopped. To prevent a memory leak, "
                        + cured + ".",
                cure);
    }

    private static List<Thread> hooks() {
        Optional<Class<?>> type = JdkState.type("java.lang.ApplicationShutdownHooks");
        if (type.isEmpty()) {
            return List.of();
        }
        List<Thread> hooks = new ArrayList<>();
        synchronized (type.get()) { // what the JDK itself holds while it adds and removes
            // Null when the JVM is ending.
            if (JdkState.read(type.get(), "hooks", null).orElse(null) instanceof Map<?, ?> known) {
                for (Object hook : known.keySet()) {
                    if (hook instanceof Thread thread) {
                        hooks.add(thread);
                    }
                }
            }
        }
        return hooks;
    }
}
