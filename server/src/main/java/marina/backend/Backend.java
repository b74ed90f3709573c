package marina.backend;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * One application's instance over time: started when somebody asks, stopped when nobody does, restarted with back-off
 * when it dies. All changes of state go through one lock that is never held across a start, a stop or a callback.
 * Thread-safe.
 *
 * @param <I> what it runs
 */
public final class Backend<I extends Instance> {
    /** What {@link #load} says of one that cannot answer at once. */
    static final int NOT_READY = -1;

    private final Guard guard = new Guard();
    private final String name;
    private final Life<I> life; // guarded by the guard, but for its glances

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

    /** Stops it when it is ready and nobody has a lease, or at the end of the drain if that is not zero. */
    CompletableFuture<Void> rest(Duration drain) {
        return guard.get(() -> life.load() == 0 || (life.load() > 0 && !drain.isZero())
                ? life.stop(drain)
                : CompletableFuture.completedFuture(null));
    }

    /** Drains and stops for good: leases from now on are refused with {@link BackendRetiredException}. */
    public CompletableFuture<Void> retire(Duration drain) {
        return guard.get(() -> life.retire(drain));
    }

    /** The path of its context, with a number behind it when it is not the first instance. */
    public String name() {
        return name;
    }

    /** How far the start is that is under way. */
    public StartProgress startProgress() {
        return guard.get(() -> life.ledger.startProgress(life.state.is(BackendState.STARTING)));
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

    /** A lease when it is READY and has no more than this many, else null. Never waits. */
    @Nullable
    Lease<I> leaseNow(int most) {
        return guard.get(() -> life.leaseNow(most));
    }

    /** Begins a start for which nobody waits, unless it has failed too recently for that. */
    void wake() {
        guard.run(life::wake);
    }

    /** Its leases while it is READY, else {@link #NOT_READY}. A glance, without the lock: for a choice, not for a decision. */
    int load() {
        return life.load();
    }

    /** Its state at a glance, without the lock. */
    BackendState state() {
        return life.state.state();
    }

    /** Whether it has ever been ready, at a glance, without the lock. */
    boolean proven() {
        return life.ledger.proven();
    }
}
