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
    private final Guard guard = new Guard();
    private final String name;
    private final Life<I> life; // guarded by the guard

    /** A stopped backend. */
    public Backend(
            BackendSettings settings,
            InstanceStarter<I> starter,
            ScheduledExecutorService scheduler,
            Executor executor,
            BackendListener listener) {
        this.name = settings.name();
        Outside outside = new Outside(settings.name(), executor);
        this.life = new Life<>(settings, starter, scheduler, outside, listener, guard);
    }

    /**
     * Asks for the instance. READY: completed at once. STOPPED, STARTING, DRAINING, STOPPING: completes when it is
     * ready. Completes exceptionally with {@link BackendUnavailableException} when the start fails or the back-off has
     * more than a second to go, and with {@link BackendRetiredException} when the backend has been retired. Cancel this
     * very future when the request is no longer interested: the lease is then given back by itself.
     */
    public CompletableFuture<Lease<I>> lease() {
        return guard.get(life::lease);
    }

    /** Starts it when it is not running; clears a failure and its back-off. Completes when ready, else exceptionally. */
    public CompletableFuture<Void> start() {
        return guard.get(life::start);
    }

    /** Drains up to the deadline, then stops; the next lease starts it again. */
    public CompletableFuture<Void> stop(Duration drain) {
        return guard.get(() -> life.stop(drain));
    }

    /** {@link #stop} and {@link #start}; requests that come meanwhile wait. */
    public CompletableFuture<Void> restart(Duration drain) {
        return guard.get(() -> life.restart(drain));
    }

    /** Drains and stops for good: leases from now on are refused with {@link BackendRetiredException}. */
    public CompletableFuture<Void> retire(Duration drain) {
        return guard.get(() -> life.retire(drain));
    }

    /** The path of its context. */
    public String name() {
        return name;
    }

    /** How far the start is that is under way. */
    public StartProgress startProgress() {
        return guard.get(life::startProgress);
    }

    /** How long nobody has used it. */
    IdleTime idleTime() {
        return guard.get(life::idleTime);
    }

    /** Stops it to make room for others; false when it is in use or must stay. */
    boolean stopIfIdle(String why) {
        return guard.get(() -> life.stopIfIdle(why));
    }

    /** How it is now. */
    public BackendStatus status() {
        return guard.get(life::status);
    }
}
