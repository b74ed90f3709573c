package marina.machine;

import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import marina.config.Hook;
import marina.config.IdleConfig;
import marina.config.ServerConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of the machine from one sleep to the next. All changes happen on the thread of the scheduler, one after the other;
 * what takes time is a future that comes back to it. What comes back to an attempt that is over is dropped. Thread-safe.
 */
public final class MachineIdle implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MachineIdle.class);

    /** For stop hooks of contexts that have no limit of their own. */
    private static final Duration LONGEST_REST = Duration.ofMinutes(15);

    /** How long contexts with WebSockets that do not count may take for other requests. */
    private static final Duration DRAIN = Duration.ofSeconds(10);

    /** While a request waits, an API that says nothing is not waited for: then the machine may have slept as well. */
    private static final Duration KNOCK = Duration.ofSeconds(2);

    private final Supplier<ServerConfig> config;
    private final Surroundings world;
    private final Activity activity;
    private final ActivityLeases leases;
    private final Steps steps;
    private final Heartbeat heart;
    private final Awakening awakening;
    private final IdleClock clock;
    private final MachineRecord record = new MachineRecord();
    private final Refusals refusals = new Refusals(record);
    private @Nullable Attempt attempt; // this and what follows belongs to the scheduler's thread
    private CompletableFuture<Boolean> hook = CompletableFuture.completedFuture(true);
    private Duration tick = Heartbeat.PAUSE;

    /** A machine that runs; looked at from {@link #start} on. */
    public MachineIdle(
            Supplier<ServerConfig> config, Surroundings world, Activity activity, ScheduledExecutorService scheduler) {
        this.config = config;
        this.world = world;
        this.activity = activity;
        this.steps = new Steps(scheduler);
        this.heart = new Heartbeat(Reading::now, world::closeGate);
        this.leases = new ActivityLeases(System::nanoTime, activity::use);
        this.clock = new IdleClock(world, activity, leases);
        this.awakening = new Awakening(world, steps::post, this::awake);
    }

    /** From now on it may fall asleep. */
    public void start() {
        activity.restart();
        IdleConfig idle = config.get().idle();
        if (idle.action() == IdleConfig.Action.SUSPEND && !world.hasApi()) {
            LOG.warn(
                    "idle.action: suspend has no effect here: FLY_APP_NAME and FLY_MACHINE_ID are not set, so there is no"
                            + " machine to suspend; with idle.action: stop Marina itself would stop");
        }
        heart.beat(Duration.ZERO, false);
        steps.post(this::tick);
    }

    /** Those who keep the machine awake without a request. */
    public ActivityLeases leases() {
        return leases;
    }

    /** Has somebody hear of its states. */
    public void listen(MachineListener listener) {
        record.listen(listener);
    }

    /** Whether somebody uses it now, whoever only asks for that excepted. */
    public boolean isInUse() {
        return clock.isBusy(config.get().idle());
    }

    /** How it is now. */
    public MachineStatus status() {
        return record.status(clock.lastUse(), leases.all());
    }

    /** A request has begun to wait. */
    public void knocked() {
        steps.post(() -> {
            Attempt mine = attempt;
            if (mine == null || record.state() != MachineState.SUSPENDED) {
                return;
            }
            if (mine.isAccepted()) {
                knockedAwake(mine, "a request came after it had been asked to sleep");
            } else {
                steps.later(KNOCK, () -> knockedAwake(mine, "a request came, and the Machines API has not answered"));
            }
        });
    }

    /**
     * Asked by each request before it passes: whether there was a sleep that only it has noticed. Then the gate is closed now.
     *
     * @param told when the request was sent on by a clock that has not slept, in milliseconds since 1970; 0 when nobody says
     */
    public boolean overslept(long told) {
        if (steps.isClosed() || !heart.mayShowSleep(told)) {
            return false;
        }
        Optional<String> sign = heart.beat(Heartbeat.PAUSE, false).or(() -> heart.signOf(told));
        sign.ifPresent(shown -> steps.post(() -> slept(shown)));
        return sign.isPresent();
    }

    /** Lets everybody pass; nothing happens any more. */
    @Override
    public void close() {
        steps.close();
        world.openGate();
    }

    private void tick() {
        try {
            boolean expected = record.state() == MachineState.SUSPENDED;
            heart.beat(tick, expected).ifPresent(this::slept);
            switch (record.state()) {
                case RUNNING -> considerIdling();
                case IDLING -> goOn();
                case SUSPENDED -> considerTime();
                case RESUMING -> {}
            }
        } catch (RuntimeException e) {
            LOG.error("The machine could not be looked at; next try in a second", e);
        }
        tick = Heartbeat.pause(record.state(), config.get().idle());
        steps.later(tick, this::tick);
    }

    private void considerIdling() {
        IdleConfig idle = config.get().idle();
        long now = System.nanoTime();
        boolean able = idle.enabled() && (idle.action() == IdleConfig.Action.STOP || world.hasApi());
        if (able && !refusals.isResting(now) && hook.isDone() && clock.isOver(idle, now)) {
            begin(idle);
        }
    }

    private void begin(IdleConfig idle) {
        Attempt mine = new Attempt(idle, activity.last());
        attempt = mine;
        record.become(MachineState.IDLING, "nobody has used it for " + Texts.seconds(idle.timeout()));
        var unused = world.stopContexts(idle.websocketsHold() ? Duration.ZERO : DRAIN)
                .orTimeout(LONGEST_REST.toSeconds(), TimeUnit.SECONDS)
                .whenComplete((done, failure) -> steps.post(() -> {
                    if (failure == null) {
                        nextHook(mine, config.get().hooks().suspend().iterator());
                    } else {
                        failed(mine, "contexts did not stop within " + Texts.seconds(LONGEST_REST));
                    }
                }));
    }

    private void nextHook(Attempt mine, Iterator<Hook> hooks) {
        if (attempt != mine || goesBack(mine)) {
            return;
        }
        if (!hooks.hasNext()) {
            mine.prepared();
            lastLook(mine);
            return;
        }
        hook = world.beforeSleep(hooks.next(), mine.idle.action());
        var unused = hook.whenComplete((succeeded, failure) -> steps.post(() -> {
            if (failure == null && succeeded) {
                nextHook(mine, hooks);
            } else {
                failed(mine, "a suspend hook failed");
            }
        }));
    }

    private void goOn() {
        Attempt mine = attempt;
        if (mine != null && !goesBack(mine) && mine.isPrepared()) {
            lastLook(mine);
        }
    }

    /** Somebody uses the machine: the attempt is over. */
    private boolean goesBack(Attempt mine) {
        if (!mine.isOutrun(activity) && !leases.any()) {
            return false;
        }
        attempt = null;
        record.become(MachineState.RUNNING, "it is used again");
        world.openGate();
        world.startKeptContexts();
        return true;
    }

    /** Whoever comes from here on waits; whoever came before is seen here. */
    private void lastLook(Attempt mine) {
        world.closeGate();
        if (clock.isInUse(mine.idle)) {
            world.openGate(); // perhaps a health check; the next tick looks again
            return;
        }
        if (goesBack(mine)) {
            return;
        }
        record.become(MachineState.SUSPENDED, "asked to " + Texts.of(mine.idle.action()));
        mine.asked(System.nanoTime());
        if (!world.hasApi()) {
            mine.accepted();
            world.openGate(); // it ends as on SIGTERM: whoever still comes is served
            world.stopServer();
            return;
        }
        var unused = world.ask(mine.idle.action(), mine.idle.patience())
                .whenComplete((answer, failure) -> steps.post(() -> answered(mine, answer, failure)));
    }

    @SuppressWarnings("NullAway") // whenComplete gives either an answer or a failure
    private void answered(Attempt mine, ApiAnswer answer, @Nullable Throwable failure) {
        if (attempt != mine) {
            return;
        }
        if (failure != null) {
            failed(mine, "the Machines API cannot be asked: " + Texts.messageOf(failure));
        } else if (!answer.accepted()) {
            failed(mine, "the Machines API has refused: " + answer.status() + " " + answer.text());
        } else {
            mine.accepted();
            mine.asked(System.nanoTime());
            if (world.waiting() > 0) {
                knockedAwake(mine, "a request came while it was asked to sleep");
            }
        }
    }

    private void considerTime() {
        Attempt mine = attempt;
        if (mine != null && mine.isAccepted() && mine.isOverdue(System.nanoTime()) && world.hasApi()) {
            failed(mine, "the Machines API said yes, and nothing happened for " + Texts.seconds(mine.idle.patience()));
        }
    }

    private void failed(Attempt mine, String why) {
        if (attempt != mine) {
            return;
        }
        attempt = null;
        refusals.add(mine, why);
        record.become(MachineState.RUNNING, "could not " + Texts.of(mine.idle.action()) + ": " + why);
        world.openGate();
        world.startKeptContexts();
    }

    /** Perhaps it has not slept yet, and would do so with the request in its hands. */
    private void knockedAwake(Attempt mine, String sign) {
        if (attempt != mine) {
            return;
        }
        if (mine.idle.action() == IdleConfig.Action.SUSPEND) {
            world.breakOff();
        }
        heart.expectCorrection();
        slept(sign);
    }

    /** It has slept, or may have: the same has to be done. */
    private void slept(String sign) {
        attempt = null;
        refusals.end();
        record.slept();
        world.closeGate();
        if (record.state() == MachineState.RESUMING) {
            awakening.again();
            return;
        }
        record.become(MachineState.RESUMING, sign);
        // A suspend hook that still runs is not overtaken by the resume hooks.
        awakening.begin(hook, config.get().hooks().resume());
    }

    private void awake() {
        activity.restart();
        record.become(MachineState.RUNNING, "it has slept");
        world.openGate();
        world.startKeptContexts();
    }
}
