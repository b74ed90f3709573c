package marina.backend;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import marina.hook.HookPoint;
import marina.hook.HookRow;

/**
 * Takes part in the life of one instance of a context, whether that is a process or a web application in this JVM, from its
 * start to its end. Must not block. Thread-safe.
 */
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

    /**
     * Its start has failed or was given up, and nothing is left of what had been begun; told once, instead of its end.
     *
     * @return completes, never exceptionally, when what is done now is over
     */
    CompletableFuture<Void> startFailed();
}
