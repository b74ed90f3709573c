package marina.backend;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * The course of a backend's life. Everything is called with its guard held, but for what says otherwise.
 *
 * @param <I> what runs
 */
final class Life<I extends Instance> {
    /** A request waits for the end of a back-off that is shorter than this, and is refused when it is longer. */
    private static final long PATIENCE_NANOS = Duration.ofSeconds(1).toNanos();

    private final BackendSettings settings;
    private final InstanceStarter<I> starter;
    private final Outside outside;
    private final Guard guard;
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
    Life(
            BackendSettings settings,
            InstanceStarter<I> starter,
            ScheduledExecutorService scheduler,
            Outside outside,
            BackendListener listener,
            Guard guard) {
        this.settings = settings;
        this.starter = starter;
        this.outside = outside;
        this.guard = guard;
        this.state = new Transitions(settings.name(), listener, guard.outbox, this::status);
        this.waiters = new Waiters<>(guard.outbox, outside);
        this.idleAlarm = new Alarm(scheduler, guard, this::idleRang);
        this.drainAlarm = new Alarm(scheduler, guard, this::drained);
        this.retryAlarm = new Alarm(scheduler, guard, this::begin);
    }

    CompletableFuture<Lease<I>> lease() {
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
    }

    CompletableFuture<Void> start() {
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

    CompletableFuture<Void> stop(Duration drain) {
        if (state.is(BackendState.STARTING) || state.is(BackendState.FAILED)) {
            waiters.refuse(unavailable(settings.name() + " was stopped while it started", Duration.ofSeconds(1)));
        }
        return stopLocked(drain, "asked to stop");
    }

    CompletableFuture<Void> restart(Duration drain) {
        if (retired) {
            return start();
        }
        CompletableFuture<Void> ready = waiters.forStart();
        var unused = stopLocked(drain, "asked to restart");
        if (state.is(BackendState.STOPPED)) {
            begin();
        }
        return ready;
    }

    CompletableFuture<Void> retire(Duration drain) {
        retired = true;
        waiters.refuse(new BackendRetiredException(settings.name()));
        return stopLocked(drain, "taken out of service");
    }

    BackendStatus status() {
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

    // Asking for it.

    private Lease<I> grant(Run<I> user) {
        user.opened();
        leases++;
        return new Lease<>(user.instance, () -> giveBack(user));
    }

    private void giveBack(Run<I> user) {
        guard.run(() -> {
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
        });
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
        guard.run(() -> {
            waiters.remove(waiter);
        });
    }

    // Starting.

    private void begin() {
        if (!state.is(BackendState.STOPPED) && !state.is(BackendState.FAILED)) {
            return; // an alarm that came too late
        }
        retryAlarm.clear();
        Attempt<I> next = new Attempt<>();
        attempt = next;
        CompletableFuture<Void> before = cleanedUp;
        reason = "";
        state.become(BackendState.STARTING, "");
        // What the last one left must be gone first: two at a time on the same files is worse than waiting.
        guard.outbox.add(() -> {
            var unused = before.thenRunAsync(
                    () -> next.launch(starter, outside, (made, failure) -> finished(next, made, failure)), outside);
        });
    }

    /** Called without the lock. */
    private void finished(Attempt<I> done, @Nullable I instance, @Nullable Throwable failure) {
        Run<I> fresh = instance == null ? null : new Run<>(instance);
        guard.run(() -> {
            attempt = null;
            if (fresh == null && done.abandoned()) {
                stopped();
            } else if (fresh == null) {
                policy = policy.afterFailedStart();
                failed(failure == null ? "its starter gave nothing" : Outside.messageOf(failure));
            } else if (done.abandoned()) {
                end(fresh, stopReason); // it had become ready just before it was given up
            } else {
                ready(fresh, Duration.ofNanos(System.nanoTime() - done.begin));
            }
        });
    }

    private void ready(Run<I> fresh, Duration took) {
        run = fresh;
        starts++;
        lastStart = took;
        state.become(BackendState.READY, "");
        waiters.ready(() -> grant(fresh));
        if (fresh.leases() == 0) {
            armIdle();
        }
        guard.outbox.add(() -> {
            var unused = fresh.ended.whenCompleteAsync(
                    (why, failure) -> ended(fresh, failure == null ? why : Outside.messageOf(failure)), outside);
        });
    }

    // Failing, lock held except where it begins.

    private void ended(Run<I> over, String why) {
        guard.run(() -> {
            if (over == run && state.is(BackendState.READY)) {
                crashed(over, why);
            } else if (over == run && state.is(BackendState.DRAINING)) {
                end(over, "ended while it was being drained: " + why);
            }
        });
    }

    private void crashed(Run<I> over, String why) {
        policy = policy.afterCrash(Duration.ofNanos(over.readyNanos()));
        run = null;
        idleAlarm.clear();
        CompletableFuture<Void> cleaned = new CompletableFuture<>();
        cleanedUp = cleaned;
        guard.outbox.add(() -> outside.stop(over.instance, () -> cleaned.complete(null)));
        failed(why);
    }

    private void failed(String why) {
        long delay = policy.delay().toNanos();
        retryAt = System.nanoTime() + delay;
        reason = why;
        state.become(
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

    private CompletableFuture<Void> stopLocked(Duration drain, String why) {
        retryAlarm.clear();
        if (state.is(BackendState.FAILED)) {
            policy = RestartPolicy.HEALTHY;
            state.become(BackendState.STOPPED, why);
        }
        if (state.is(BackendState.STOPPED)) {
            return cleanedUp.copy();
        }
        CompletableFuture<Void> stop = waiters.forStop();
        Attempt<I> given = attempt;
        if (given != null && state.is(BackendState.STARTING)) {
            given.abandon();
            stopReason = why;
            state.become(BackendState.STOPPING, why);
            guard.outbox.add(() -> outside.execute(given::cancel));
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
            state.become(BackendState.DRAINING, why);
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
            state.become(BackendState.STOPPING, why);
        }
        guard.outbox.add(() -> outside.stop(over.instance, () -> {
            guard.run(() -> {
                stopped();
            });
        }));
    }

    private void stopped() {
        run = null;
        policy = RestartPolicy.HEALTHY;
        state.become(BackendState.STOPPED, stopReason);
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
}
