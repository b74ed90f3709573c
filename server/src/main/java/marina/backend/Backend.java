package marina.backend;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One application's instance over time: started when somebody asks, stopped when nobody does, restarted with back-off
 * when it dies. All changes of state go through one lock that is never held across a start, a stop or a callback.
 * Thread-safe.
 *
 * @param <I> what it runs
 */
public final class Backend<I extends Instance> {
    private static final Logger LOG = LoggerFactory.getLogger(Backend.class);

    /** A request waits for the end of a back-off that is shorter than this, and is refused when it is longer. */
    private static final long PATIENCE_NANOS = Duration.ofSeconds(1).toNanos();

    private final BackendSettings settings;
    private final InstanceStarter<I> starter;
    private final Executor executor;
    private final ReentrantLock lock = new ReentrantLock();
    private final Outbox outbox = new Outbox();

    // All below is guarded by the lock.
    private final Transitions state;
    private final Waiters<I> waiters;
    private final Alarm idleAlarm;
    private final Alarm drainAlarm;
    private final Alarm retryAlarm;
    private String stopReason = "";
    private String reason = "";
    private RestartPolicy policy = RestartPolicy.HEALTHY;
    private long retryAt;
    private boolean retired;
    private @Nullable Attempt<I> attempt; // while STARTING, and STOPPING a start
    private @Nullable Run<I> run; // while READY, DRAINING and STOPPING
    private CompletableFuture<Void> cleanedUp = CompletableFuture.completedFuture(null); // of the last crash
    private int leases;
    private long starts;
    private long drainUntil;
    private Duration lastStart = Duration.ZERO;
    private Instant lastActivity = Instant.EPOCH;

    /** A stopped backend. */
    public Backend(
            BackendSettings settings,
            InstanceStarter<I> starter,
            ScheduledExecutorService scheduler,
            Executor executor,
            BackendListener listener) {
        this.settings = settings;
        this.starter = starter;
        this.executor = task -> execute(executor, task);
        this.state = new Transitions(settings.name(), listener, outbox, this::statusLocked);
        this.waiters = new Waiters<>(outbox, this.executor);
        this.idleAlarm = new Alarm(scheduler, lock, outbox, this::idleRang);
        this.drainAlarm = new Alarm(scheduler, lock, outbox, this::drained);
        this.retryAlarm = new Alarm(scheduler, lock, outbox, this::begin);
    }

    /**
     * Asks for the instance. READY: completed at once. STOPPED, STARTING, DRAINING, STOPPING: completes when it is
     * ready. Completes exceptionally with {@link BackendUnavailableException} when the start fails or the back-off has
     * more than a second to go, and with {@link BackendRetiredException} when the backend has been retired. Cancel this
     * very future when the request is no longer interested: the lease is then given back by itself.
     */
    public CompletableFuture<Lease<I>> lease() {
        lock.lock();
        try {
            if (retired) {
                return CompletableFuture.failedFuture(new BackendRetiredException(settings.name()));
            }
            if (state.is(BackendState.READY) && run != null) {
                if (!run.ended.isDone()) {
                    return CompletableFuture.completedFuture(grant(run));
                }
                crashed(run, run.ended.isCompletedExceptionally() ? "it ended" : run.ended.getNow(""));
            }
            long wait = state.is(BackendState.FAILED) ? retryAt - System.nanoTime() : 0;
            if (wait > PATIENCE_NANOS) {
                return CompletableFuture.failedFuture(new BackendUnavailableException(reason, Duration.ofNanos(wait)));
            }
            return park(wait);
        } finally {
            release();
        }
    }

    /** Starts it when it is not running; clears a failure and its back-off. Completes when ready, else exceptionally. */
    public CompletableFuture<Void> start() {
        lock.lock();
        try {
            return startLocked();
        } finally {
            release();
        }
    }

    /** Drains up to the deadline, then stops; the next lease starts it again. */
    public CompletableFuture<Void> stop(Duration drain) {
        lock.lock();
        try {
            if (state.is(BackendState.STARTING) || state.is(BackendState.FAILED)) {
                waiters.refuse(unavailable(settings.name() + " was stopped while it started", Duration.ofSeconds(1)));
            }
            return stopLocked(drain, "asked to stop");
        } finally {
            release();
        }
    }

    /** {@link #stop} and {@link #start}; requests that come meanwhile wait. */
    public CompletableFuture<Void> restart(Duration drain) {
        lock.lock();
        try {
            if (retired) {
                return startLocked();
            }
            CompletableFuture<Void> ready = waiters.forStart();
            var unused = stopLocked(drain, "asked to restart");
            if (state.is(BackendState.STOPPED)) {
                begin();
            }
            return ready;
        } finally {
            release();
        }
    }

    /** Drains and stops for good: leases from now on are refused with {@link BackendRetiredException}. */
    public CompletableFuture<Void> retire(Duration drain) {
        lock.lock();
        try {
            retired = true;
            waiters.refuse(new BackendRetiredException(settings.name()));
            return stopLocked(drain, "taken out of service");
        } finally {
            release();
        }
    }

    /** How it is now. */
    public BackendStatus status() {
        lock.lock();
        try {
            return statusLocked();
        } finally {
            lock.unlock();
        }
    }

    // Asking for it, lock held.

    private Lease<I> grant(Run<I> user) {
        user.opened();
        leases++;
        return new Lease<>(user.instance, () -> giveBack(user));
    }

    private void giveBack(Run<I> user) {
        lock.lock();
        try {
            user.closed();
            leases--;
            lastActivity = Instant.now();
            if (user == run && user.leases() == 0) {
                if (state.is(BackendState.DRAINING)) {
                    end(user, stopReason);
                } else {
                    armIdle();
                }
            }
        } finally {
            release();
        }
    }

    private CompletableFuture<Lease<I>> park(long wait) {
        Waiters.Waiter<I> waiter = waiters.park();
        if (wait > 0) {
            if (!retryAlarm.isSet()) {
                retryAlarm.set(wait);
            }
        } else if (state.is(BackendState.STOPPED) || state.is(BackendState.FAILED)) {
            begin();
        }
        var unused = waiter.future.whenComplete((lease, refusal) -> {
            if (refusal != null) {
                forget(waiter);
            }
        });
        return waiter.future;
    }

    private void forget(Waiters.Waiter<I> waiter) {
        lock.lock();
        try {
            waiters.remove(waiter);
        } finally {
            lock.unlock();
        }
    }

    // Starting, lock held.

    private CompletableFuture<Void> startLocked() {
        if (retired) {
            return CompletableFuture.failedFuture(new BackendRetiredException(settings.name()));
        }
        if (state.is(BackendState.READY)) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> ready = waiters.forStart();
        if (state.is(BackendState.STOPPED) || state.is(BackendState.FAILED)) {
            policy = RestartPolicy.HEALTHY;
            begin();
        }
        return ready;
    }

    private void begin() {
        if (!state.is(BackendState.STOPPED) && !state.is(BackendState.FAILED)) {
            return; // an alarm that came too late
        }
        retryAlarm.clear();
        Attempt<I> next = new Attempt<>();
        attempt = next;
        CompletableFuture<Void> before = cleanedUp;
        reason = "";
        become(BackendState.STARTING, "");
        // What the last one left must be gone first: two at a time on the same files is worse than waiting.
        outbox.add(() -> {
            var unused = before.thenRunAsync(
                    () -> next.launch(starter, executor, (made, failure) -> finished(next, made, failure)), executor);
        });
    }

    /** Called without the lock. */
    private void finished(Attempt<I> done, @Nullable I instance, @Nullable Throwable failure) {
        Run<I> fresh = instance == null ? null : new Run<>(instance);
        lock.lock();
        try {
            attempt = null;
            if (fresh == null && done.abandoned()) {
                stopped();
            } else if (fresh == null) {
                policy = policy.afterFailedStart();
                failed(failure == null ? "its starter gave nothing" : messageOf(failure));
            } else if (done.abandoned()) {
                end(fresh, stopReason); // it had become ready just before it was given up
            } else {
                ready(fresh, Duration.ofNanos(System.nanoTime() - done.begin));
            }
        } finally {
            release();
        }
    }

    private void ready(Run<I> fresh, Duration took) {
        run = fresh;
        starts++;
        lastStart = took;
        become(BackendState.READY, "");
        waiters.ready(() -> grant(fresh));
        if (fresh.leases() == 0) {
            armIdle();
        }
        outbox.add(() -> {
            var unused = fresh.ended.whenCompleteAsync(
                    (why, failure) -> ended(fresh, failure == null ? why : messageOf(failure)), executor);
        });
    }

    // Failing, lock held except where it begins.

    private void ended(Run<I> over, String why) {
        lock.lock();
        try {
            if (over == run && state.is(BackendState.READY)) {
                crashed(over, why);
            } else if (over == run && state.is(BackendState.DRAINING)) {
                end(over, "ended while it was being drained: " + why);
            }
        } finally {
            release();
        }
    }

    private void crashed(Run<I> over, String why) {
        policy = policy.afterCrash(Duration.ofNanos(over.readyNanos()));
        run = null;
        idleAlarm.clear();
        CompletableFuture<Void> cleaned = new CompletableFuture<>();
        cleanedUp = cleaned;
        outbox.add(() -> stopOutside(over, () -> cleaned.complete(null)));
        failed(why);
    }

    private void failed(String why) {
        long delay = policy.delay().toNanos();
        retryAt = System.nanoTime() + delay;
        reason = why;
        become(
                BackendState.FAILED,
                why + (delay == 0 ? "; next try at the next request" : "; next try in " + Spans.text(policy.delay())));
        waiters.refuse(unavailable(settings.name() + " is not available: " + why, policy.delay()));
        if (settings.keep()) {
            retryAlarm.set(delay);
        }
    }

    private static BackendUnavailableException unavailable(String message, Duration retryAfter) {
        return new BackendUnavailableException(message, retryAfter);
    }

    // Stopping, lock held.

    private CompletableFuture<Void> stopLocked(Duration drain, String why) {
        retryAlarm.clear();
        if (state.is(BackendState.FAILED)) {
            policy = RestartPolicy.HEALTHY;
            become(BackendState.STOPPED, why);
        }
        if (state.is(BackendState.STOPPED)) {
            return cleanedUp.copy();
        }
        CompletableFuture<Void> stop = waiters.forStop();
        Attempt<I> given = attempt;
        if (given != null && state.is(BackendState.STARTING)) {
            given.abandon();
            stopReason = why;
            become(BackendState.STOPPING, why);
            outbox.add(() -> executor.execute(given::cancel));
        } else if (run != null && (state.is(BackendState.READY) || state.is(BackendState.DRAINING))) {
            drain(run, drain, why);
        }
        return stop;
    }

    private void drain(Run<I> user, Duration drain, String why) {
        idleAlarm.clear();
        long until = System.nanoTime() + drain.toNanos();
        if (user.leases() == 0 || drain.isZero()) {
            end(user, why);
        } else if (state.is(BackendState.READY)) {
            stopReason = why;
            drainUntil = until;
            become(BackendState.DRAINING, why);
            drainAlarm.set(drain.toNanos());
        } else if (until - drainUntil < 0) {
            drainUntil = until;
            drainAlarm.set(drain.toNanos());
        }
    }

    private void drained() {
        if (run != null && state.is(BackendState.DRAINING)) {
            end(run, stopReason + ", with requests still in flight: " + run.leases());
        }
    }

    private void end(Run<I> over, String why) {
        idleAlarm.clear();
        drainAlarm.clear();
        run = over;
        stopReason = why;
        if (!state.is(BackendState.STOPPING)) {
            become(BackendState.STOPPING, why);
        }
        outbox.add(() -> stopOutside(over, () -> {
            lock.lock();
            try {
                stopped();
            } finally {
                release();
            }
        }));
    }

    private void stopOutside(Run<I> over, Runnable then) {
        executor.execute(() -> {
            CompletableFuture<Void> stopping;
            try {
                stopping = over.instance.stop();
            } catch (RuntimeException e) {
                stopping = CompletableFuture.failedFuture(e);
            }
            var unused = stopping.whenCompleteAsync(
                    (nothing, failure) -> {
                        if (failure != null) {
                            LOG.warn("Backend {} did not stop cleanly: {}", settings.name(), messageOf(failure));
                        }
                        then.run();
                    },
                    executor);
        });
    }

    private void stopped() {
        run = null;
        policy = RestartPolicy.HEALTHY;
        become(BackendState.STOPPED, stopReason);
        waiters.stopped();
        if (waiters.wantStart()) {
            begin();
        }
    }

    // Idling, lock held.

    private void armIdle() {
        if (!settings.keep() && !settings.idleTimeout().isZero() && !idleAlarm.isSet()) {
            idleAlarm.set(settings.idleTimeout().toNanos());
        }
    }

    /** One alarm serves any number of requests: it looks how long it has really been, and sets itself again. */
    private void idleRang() {
        Run<I> current = run;
        if (current == null || !state.is(BackendState.READY) || current.leases() > 0) {
            return; // the end of the last lease sets it again
        }
        long rest = settings.idleTimeout().toNanos() - current.idleNanos();
        if (rest > 0) {
            idleAlarm.set(rest);
        } else {
            end(current, "idle for " + Spans.text(settings.idleTimeout()));
        }
    }

    // The rest.

    private void become(BackendState next, String detail) {
        state.become(next, detail);
    }

    private BackendStatus statusLocked() {
        return new BackendStatus(
                state.state(),
                reason,
                run == null ? 0 : run.pid,
                run == null ? "" : run.address,
                leases,
                starts,
                lastStart,
                lastActivity);
    }

    private void release() {
        lock.unlock();
        outbox.flush();
    }

    private static void execute(Executor executor, Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("The server is stopping, its threads take no more work: {}", e.toString());
            task.run();
        }
    }

    private static String messageOf(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        String message = cause.getMessage();
        return cause instanceof StartFailedException && message != null ? message : cause.toString();
    }
}
