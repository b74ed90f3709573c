package marina.backend;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The course of a backend's life. Everything is called with its guard held, but for what says otherwise.
 *
 * @param <I> what runs
 */
final class Life<I extends Instance> {
    private final BackendSettings settings;
    private final InstanceStarter<I> starter;
    private final Outside outside;
    private final Guard guard;
    final Transitions state;
    private final Waiters<I> waiters;
    private final IdleWatch idle;
    private final Draining draining;
    private final BackOff backOff;
    private final Leftovers leftovers;
    final Ledger ledger = new Ledger();
    private String stopReason = "";
    private boolean retired;
    private @Nullable Attempt<I> attempt; // while STARTING, and STOPPING a start
    private volatile @Nullable Run<I> run; // while READY, DRAINING and STOPPING

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
        this.state = new Transitions(settings, listener, guard.outbox, this::status);
        this.waiters = new Waiters<>(guard, outside);
        String idleReason = "idle for " + Spans.text(settings.idleTimeout());
        this.idle = new IdleWatch(settings, scheduler, guard, watch -> endIf(watch::isOver, idleReason));
        this.draining = new Draining(scheduler, guard, () -> drained(run));
        this.leftovers = new Leftovers(guard, outside);
        this.backOff = new BackOff(scheduler, guard, this::begin);
    }

    CompletableFuture<Lease<I>> lease() {
        if (retired) {
            return refusal();
        }
        if (state.is(BackendState.READY) && run != null) {
            if (!run.ended.isDone()) {
                return CompletableFuture.completedFuture(grant(run));
            }
            crashed(run, run.reason());
        }
        if (state.is(BackendState.FAILED) && backOff.isLong()) {
            return CompletableFuture.failedFuture(backOff.refusal(ledger.reason()));
        }
        CompletableFuture<Lease<I>> waiting = waiters.park();
        if (state.is(BackendState.FAILED) && backOff.leftNanos() > 0) {
            backOff.retryAfterPause();
        } else {
            begin();
        }
        return waiting;
    }

    private <T> CompletableFuture<T> refusal() {
        return CompletableFuture.failedFuture(new BackendRetiredException(settings.name()));
    }

    CompletableFuture<Void> start() {
        if (retired) {
            return refusal();
        }
        if (state.is(BackendState.READY)) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> ready = waiters.forStart();
        backOff.forget();
        begin();
        return ready;
    }

    CompletableFuture<Void> stop(Duration drain) {
        // Whoever waits wanted it to run before; now it is to be stopped, until somebody asks again.
        waiters.startCalledOff(settings.name());
        return stopFor(drain, "asked to stop");
    }

    CompletableFuture<Void> retire(Duration drain) {
        retired = true;
        waiters.refuse(new BackendRetiredException(settings.name()));
        return stopFor(drain, "taken out of service");
    }

    BackendStatus status() {
        return ledger.status(state.state(), run);
    }

    /** At a glance, without the guard. */
    int load() {
        Run<I> user = run;
        return user != null && state.is(BackendState.READY) ? user.load() : Backend.NOT_READY;
    }

    @Nullable
    Lease<I> leaseNow(int most) {
        Run<I> user = run;
        return user == null || load() == Backend.NOT_READY || load() > most ? null : grant(user);
    }

    void wake() {
        if (!retired && (!state.is(BackendState.FAILED) || backOff.leftNanos() <= 0)) {
            begin();
        }
    }

    private Lease<I> grant(Run<I> user) {
        user.opened();
        ledger.leaseOpened();
        return new Lease<>(user.instance, () -> giveBack(user));
    }

    private void giveBack(Run<I> user) {
        guard.run(() -> {
            user.closed();
            ledger.leaseClosed();
            if (user == run && user.leases() == 0 && !drained(user)) {
                idle.arm();
                state.idle();
            }
        });
    }

    /** The last request has ended, or there is no more time for those in flight; false when it is not being drained. */
    private boolean drained(@Nullable Run<I> user) {
        if (user == null || !state.is(BackendState.DRAINING)) {
            return false;
        }
        int left = user.leases();
        end(user, left == 0 ? stopReason : stopReason + ", with requests still in flight: " + left);
        return true;
    }

    private void begin() {
        if (!state.is(BackendState.STOPPED) && !state.is(BackendState.FAILED)) {
            return; // it is under way, or will be when the stop that is under way has ended
        }
        backOff.noRetry();
        Attempt<I> next = new Attempt<>();
        attempt = next;
        ledger.starting();
        state.become(BackendState.STARTING, "");
        // What the last one left must be gone first: two at a time on the same files is worse than waiting.
        leftovers.whenGone(() -> next.launch(starter, outside, (made, failure) -> finished(next, made, failure)));
    }

    /** Called without the lock. */
    private void finished(Attempt<I> done, @Nullable I instance, @Nullable Throwable failure) {
        Run<I> fresh = instance == null ? null : new Run<>(instance, done.took());
        guard.run(() -> {
            attempt = null;
            if (fresh == null && done.abandoned()) {
                stopped();
            } else if (failure instanceof NoRoomException full) {
                unavailable(BackendState.STOPPED, Outside.messageOf(full), full); // not its failure: nothing counts
            } else if (fresh == null) {
                backOff.startFailed();
                failed(failure == null ? "its starter gave nothing" : Outside.messageOf(failure));
            } else if (done.abandoned()) {
                end(fresh, stopReason); // it had become ready just before it was given up
            } else {
                ready(fresh);
            }
        });
    }

    private void ready(Run<I> fresh) {
        run = fresh;
        ledger.started(fresh.took);
        state.become(BackendState.READY, "");
        waiters.ready(() -> grant(fresh));
        idle.arm(); // it rings in vain while there are leases
        guard.outbox.add(() -> fresh.watch(why -> ended(fresh, why), outside));
    }

    /** Called without the lock. */
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
        backOff.crashed(Duration.ofNanos(over.readyNanos()));
        run = null;
        idle.clear();
        leftovers.clear(over.instance);
        failed(why);
    }

    private void failed(String cause) {
        String why = backOff.reason(cause, settings.context());
        unavailable(BackendState.FAILED, why, backOff.refusal(settings.name() + " is not available: " + why));
    }

    private void unavailable(BackendState next, String why, BackendUnavailableException refusal) {
        ledger.failed(why);
        state.become(next, next == BackendState.FAILED ? why + backOff.outlook() : why);
        waiters.refuse(refusal);
        if (settings.keep()) {
            backOff.retryAfterPause();
        }
    }

    private CompletableFuture<Void> stopFor(Duration drain, String why) {
        backOff.noRetry();
        if (state.is(BackendState.FAILED)) {
            backOff.forget();
            state.become(BackendState.STOPPED, why);
        }
        if (state.is(BackendState.STOPPED)) {
            return leftovers.gone();
        }
        CompletableFuture<Void> stop = waiters.forStop();
        Attempt<I> given = attempt;
        if (given != null && state.is(BackendState.STARTING)) {
            given.abandon();
            stopReason = why;
            state.become(BackendState.STOPPING, why);
            guard.outbox.add(() -> outside.execute(given::giveUp));
        } else if (run != null && (state.is(BackendState.READY) || state.is(BackendState.DRAINING))) {
            drain(run, drain, why);
        }
        return stop;
    }

    private void drain(Run<I> user, Duration drain, String why) {
        idle.clear();
        if (user.leases() == 0 || drain.isZero()) {
            end(user, why);
        } else if (state.is(BackendState.READY)) {
            stopReason = why;
            state.become(BackendState.DRAINING, why);
            draining.begin(drain);
        } else {
            draining.shorten(drain);
        }
    }

    private void end(Run<I> over, String why) {
        idle.clear();
        draining.end();
        run = over;
        stopReason = why;
        if (!state.is(BackendState.STOPPING)) {
            state.become(BackendState.STOPPING, why);
        }
        guard.outbox.add(() -> outside.stop(over.instance, () -> guard.run(this::stopped)));
    }

    private void stopped() {
        run = null;
        backOff.forget();
        state.become(BackendState.STOPPED, stopReason);
        waiters.stopped();
        if (waiters.wantStart()) {
            begin();
        }
    }

    IdleTime idleTime() {
        return run == null || !state.is(BackendState.READY) || settings.keep() ? IdleTime.NONE : run.idleTime();
    }

    boolean stopIfIdle(String why) {
        return !settings.keep() && endIf(user -> user.idleTime().mayMakeRoom(), why);
    }

    private boolean endIf(Predicate<Run<I>> condition, String why) {
        Run<I> user = run;
        boolean over = user != null && state.is(BackendState.READY) && condition.test(user);
        if (user != null && over) {
            end(user, why);
        }
        return over;
    }
}
