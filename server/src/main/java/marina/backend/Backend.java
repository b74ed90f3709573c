package marina.backend;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/**
 * One application's instance over time: started when somebody asks, stopped when nobody does, restarted with back-off
 * when it dies. All changes of state go through one lock that is never held across a start, a stop or a callback.
 * Thread-safe.
 *
 * @param <I> what it runs
 */
public final class Backend<I extends Instance> {

    /** A stopped backend. */
    public Backend(
            BackendSettings settings,
            InstanceStarter<I> starter,
            ScheduledExecutorService scheduler,
            Executor executor,
            BackendListener listener) {
        throw new UnsupportedOperationException("" + settings + starter + scheduler + executor + listener);
    }

    /**
     * Asks for the instance. READY: completed at once. STOPPED, STARTING, DRAINING for idleness, STOPPING: completes
     * when it is ready. Completes exceptionally with {@link BackendUnavailableException} when the start fails, the
     * back-off has not ended, or the backend has been retired. Cancel the future when the request is no longer
     * interested: the lease is then given back by itself.
     */
    public CompletableFuture<Lease<I>> lease() {
        throw new UnsupportedOperationException();
    }

    /** Starts it when it is not running; clears a failure and its back-off. Completes when ready, else exceptionally. */
    public CompletableFuture<Void> start() {
        throw new UnsupportedOperationException();
    }

    /** Drains up to the deadline, then stops; the next lease starts it again. */
    public CompletableFuture<Void> stop(Duration drain) {
        throw new UnsupportedOperationException(drain.toString());
    }

    /** {@link #stop} and {@link #start}; requests that come meanwhile wait. */
    public CompletableFuture<Void> restart(Duration drain) {
        throw new UnsupportedOperationException(drain.toString());
    }

    /** Drains and stops for good: leases from now on are refused. */
    public CompletableFuture<Void> retire(Duration drain) {
        throw new UnsupportedOperationException(drain.toString());
    }

    /** How it is now. */
    public BackendStatus status() {
        throw new UnsupportedOperationException();
    }
}
