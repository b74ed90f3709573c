package marina.backend;

import java.util.Map;
import marina.hook.HookPoint;
import marina.hook.HookRow;

/**
 * Takes part in the life of a context's application, whether that is a process or a web application in this JVM. Must
 * not block. Thread-safe.
 */
@FunctionalInterface
public interface ContextLifecycleListener {

    /**
     * The application has come to this point. Before its start it waits for the outcome, and fails with it; after it was
     * ready it does not; after its end, what stopped it waits.
     *
     * @param environment the variables that the application has
     * @param values what its {@code ${port}} and {@code ${socket}} are; empty for one that has neither
     * @return what is done now, to be waited for or given up
     */
    HookRow reached(HookPoint point, Map<String, String> environment, Map<String, String> values);
}
