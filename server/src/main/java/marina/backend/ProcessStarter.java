package marina.backend;

import java.util.concurrent.CompletableFuture;

/**
 * Starts an application process: a port, the start hooks, the process, readiness, the ready hooks. The process gets the
 * variables of its settings, and of Marina's own only PATH, HOME, LANG, LC_ALL, TZ, USER and TMPDIR. Thread-safe.
 */
public final class ProcessStarter implements InstanceStarter<ProcessInstance> {
    private final ProcessSettings settings;
    private final ProcessTools tools;
    private CompletableFuture<Void> previous = CompletableFuture.completedFuture(null); // guarded by this

    /** Starts processes of these settings. */
    public ProcessStarter(ProcessSettings settings, ProcessTools tools) {
        this.settings = settings;
        this.tools = tools;
    }

    /** Starts one; a start that was cancelled is first cleaned up. */
    @Override
    public CompletableFuture<ProcessInstance> start() {
        ProcessStartup startup = new ProcessStartup(settings, tools);
        CompletableFuture<Void> before;
        synchronized (this) {
            before = previous;
            previous = startup.over();
        }
        var unused = before.thenRunAsync(startup::begin, tools.executor());
        return startup.result();
    }
}
