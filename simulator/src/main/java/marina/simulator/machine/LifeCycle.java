package marina.simulator.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import marina.simulator.topology.Topology.MachineSpec;
import marina.simulator.topology.Topology.Restart;

/**
 * The states of one machine: all changes happen one after the other on its queue, everybody may read. {@link Machine}
 * says what the changes are for. Thread-safe.
 */
final class LifeCycle {

    /** Above this, in MB, Fly suspends no machine. */
    private static final int MOST_MEMORY = 2048;

    private static final int MOST_RESTARTS = 10;
    private static final Duration RESTART_DELAY = Duration.ofMillis(500);
    private static final Duration LAST_GRACE = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Machine machine;
    private final MachineSpec spec;
    private final Workers workers;
    private final Waiters waiters;
    private final Program program; // used on the queue only
    private volatile MachineState state = MachineState.STOPPED;
    private final AtomicInteger turn = new AtomicInteger(); // counts changes of state
    private volatile boolean listening;
    private int restarts; // used on the queue only
    private boolean looking; // used on the queue only

    LifeCycle(Machine machine, Workers workers) {
        this.machine = machine;
        this.spec = machine.spec();
        this.workers = workers;
        this.waiters = new Waiters(workers.executor());
        this.program = new Program(workers.launcher(), machine.app(), spec, machine.address());
    }

    MachineState state() {
        return state;
    }

    int turn() {
        return turn.get();
    }

    boolean booting() {
        return !listening;
    }

    void listens() {
        listening = true;
    }

    CompletableFuture<MachineState> reached(Set<MachineState> wanted) {
        return waiters.waitFor(wanted, this::state);
    }

    boolean suspendable() {
        return spec.memory() <= MOST_MEMORY;
    }

    CompletableFuture<MachineState> start(String reason) {
        return queued(() -> {
            MachineState before = state;
            switch (before) {
                case STOPPED -> {
                    restarts = 0;
                    launch(reason);
                }
                case SUSPENDED -> {
                    program.signalAll(Signals.CONT);
                    enter(MachineState.STARTED, reason);
                }
                case SUSPENDING -> enter(MachineState.STARTED, reason + ", suspend interrupted");
                case STARTING, STARTED -> {}
                default -> throw new MachineRefusal(
                        "machine " + spec.id() + " is " + before.wire() + ", not startable");
            }
            return before;
        });
    }

    CompletableFuture<MachineState> suspend(Duration delay, String reason) {
        return queued(() -> {
            MachineState before = state;
            if (before == MachineState.SUSPENDED || before == MachineState.SUSPENDING) {
                return before;
            }
            if (before != MachineState.STARTED) {
                throw new MachineRefusal("machine " + spec.id() + " is " + before.wire() + ", not started");
            }
            if (!suspendable()) {
                throw new MachineRefusal("machine " + spec.id() + " has more than " + MOST_MEMORY + " MB");
            }
            enter(MachineState.SUSPENDING, reason);
            int now = turn.get();
            workers.later(
                    delay,
                    () -> run(() -> {
                        if (turn.get() == now) {
                            program.signalAll(Signals.STOP);
                            enter(MachineState.SUSPENDED, reason);
                        }
                    }));
            return before;
        });
    }

    CompletableFuture<MachineState> stop(Optional<String> signal, Optional<Duration> timeout, String reason) {
        return queued(() -> {
            MachineState before = state;
            switch (before) {
                case STARTED, SUSPENDING -> {
                    enter(MachineState.STOPPING, reason);
                    program.signal(Signals.number(signal.orElse(spec.killSignal())));
                    Duration grace = timeout.orElse(spec.killTimeout());
                    int now = turn.get();
                    workers.later(grace, () -> run(() -> insist(now, Signals.TERM)));
                    workers.later(grace.plus(LAST_GRACE), () -> run(() -> insist(now, Signals.KILL)));
                }
                case SUSPENDED -> {
                    enter(MachineState.STOPPING, reason + ", snapshot discarded");
                    program.signalAll(Signals.KILL);
                }
                case STARTING -> enter(MachineState.STOPPED, reason);
                case STOPPING, STOPPED -> {}
                default -> throw new MachineRefusal("machine " + spec.id() + " is destroyed");
            }
            return before;
        });
    }

    CompletableFuture<MachineState> kill() {
        CompletableFuture<MachineState> done = new CompletableFuture<>();
        run(() -> {
            program.signalAll(Signals.KILL);
            program.whenGone(() -> done.complete(state));
        });
        return done.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    CompletableFuture<MachineState> destroy(String reason) {
        return queued(() -> {
            enter(MachineState.DESTROYED, reason);
            program.signalAll(Signals.KILL);
            return state;
        });
    }

    private void insist(int since, int signal) {
        if (turn.get() == since && state == MachineState.STOPPING) {
            if (signal == Signals.KILL) {
                program.signalAll(signal);
            } else {
                program.signal(signal);
            }
        }
    }

    private void launch(String reason) {
        enter(MachineState.STARTING, reason);
        try {
            program.launch(ended -> run(() -> exited(ended)));
            listening = false;
            enter(MachineState.STARTED, reason);
            if (!looking) {
                looking = true;
                look();
            }
        } catch (IOException | UncheckedIOException e) {
            enter(MachineState.STOPPED, "its program cannot be started: " + e.getMessage());
        }
    }

    private void look() {
        if (state != MachineState.SUSPENDED) {
            program.look();
        }
        if (state != MachineState.DESTROYED) {
            workers.later(LOOK, () -> run(this::look));
        }
    }

    private void exited(Process ended) {
        if (!program.end(ended)) {
            return;
        }
        String end = "its program has ended with status " + ended.exitValue();
        boolean again = spec.restart() == Restart.ALWAYS
                || (spec.restart() == Restart.ON_FAILURE && ended.exitValue() != 0 && restarts < MOST_RESTARTS);
        if (state == MachineState.DESTROYED) {
            return;
        }
        if (state == MachineState.STOPPING || !again) {
            enter(MachineState.STOPPED, end);
            return;
        }
        restarts++;
        enter(MachineState.STARTING, end);
        int now = turn.get();
        workers.later(
                RESTART_DELAY,
                () -> run(() -> {
                    if (turn.get() == now) {
                        launch("restart");
                    }
                }));
    }

    private void enter(MachineState next, String reason) {
        turn.incrementAndGet();
        state = next;
        machine.load().touch();
        workers.changed(machine, reason);
        waiters.wake(next);
    }

    private void run(Runnable change) {
        workers.queue(machine).execute(change);
    }

    private CompletableFuture<MachineState> queued(Supplier<MachineState> change) {
        CompletableFuture<MachineState> done = new CompletableFuture<>();
        workers.queue(machine).execute(() -> {
            try {
                done.complete(change.get());
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        return done.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
}
