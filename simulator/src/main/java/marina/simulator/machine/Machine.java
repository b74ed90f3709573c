package marina.simulator.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import marina.simulator.topology.Topology.App;
import marina.simulator.topology.Topology.MachineSpec;
import marina.simulator.topology.Topology.Restart;
import org.jspecify.annotations.Nullable;

/**
 * One machine: a state, and a process in most of them. All changes of state happen one after the other on the machine's
 * own queue; everybody may read. Thread-safe.
 */
public final class Machine {

    /** Above this, in MB, Fly suspends no machine. */
    private static final int MOST_MEMORY = 2048;

    private static final int MOST_RESTARTS = 10;
    private static final Duration RESTART_DELAY = Duration.ofMillis(500);
    private static final Duration LAST_GRACE = Duration.ofSeconds(1);

    private final App app;
    private final MachineSpec spec;
    private final String address;
    private final Workers workers;
    private final Map<String, String> metadata;
    private final Map<String, ApiFault> apiFaults = new ConcurrentHashMap<>();
    private final Queue<Waiter> waiters = new ConcurrentLinkedQueue<>();
    private final AtomicInteger load = new AtomicInteger();
    private volatile MachineState state = MachineState.STOPPED;
    private volatile int turn; // written on the queue only; counts changes of state
    private volatile boolean cordoned;
    private volatile boolean broken;
    private volatile Death death = Death.NONE;
    private volatile boolean listening;
    private volatile long idleSince = System.nanoTime();
    private @Nullable Process process; // used on the queue only
    private int restarts; // used on the queue only

    Machine(App app, MachineSpec spec, String address, Workers workers) {
        this.app = app;
        this.spec = spec;
        this.address = address;
        this.workers = workers;
        this.metadata = new ConcurrentHashMap<>(spec.metadata());
    }

    private record Waiter(Set<MachineState> wanted, CompletableFuture<MachineState> future) {}

    /** What the topology says of it. */
    public MachineSpec spec() {
        return spec;
    }

    /** Whose it is. */
    public App app() {
        return app;
    }

    /** Its id. */
    public String id() {
        return spec.id();
    }

    /** Its loopback address. */
    public String address() {
        return address;
    }

    /** Its state at this moment. */
    public MachineState state() {
        return state;
    }

    /** Changes with every change of state: the same number means that nothing has happened in between. */
    public int turn() {
        return turn;
    }

    /** Its metadata; changes are seen by all. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** Its metadata have been changed. */
    public void tellMetadata(String key) {
        workers.changed(this, "metadata " + key);
    }

    /** What the API does on command, by action; an absent one is {@link ApiFault#NONE}. */
    public Map<String, ApiFault> apiFaults() {
        return apiFaults;
    }

    /** Whether the edge sends it nothing. */
    public boolean cordoned() {
        return cordoned;
    }

    /** Takes it out of the routing, or back in. */
    public void cordon(boolean out) {
        cordoned = out;
        workers.changed(this, out ? "cordoned" : "uncordoned");
    }

    /** Whether it refuses all connections of the edge. */
    public boolean broken() {
        return broken;
    }

    /** Makes it refuse the edge's connections, or mends it. */
    public void breakDown(boolean broken) {
        this.broken = broken;
        workers.changed(this, broken ? "broken on command" : "mended");
    }

    /** Kills it at a point of its next request. */
    public void dieAt(Death point) {
        death = point;
    }

    /** Kills it if it is to die here. */
    public void maybeDie(Death point) {
        if (death == point && point != Death.NONE) {
            death = Death.NONE;
            kill().join();
        }
    }

    /** Requests that are in it now. */
    public int load() {
        return load.get();
    }

    /**
     * A request enters, unless the machine is full.
     *
     * @param hardLimit how many it takes; 0 is any number
     */
    public boolean enter(int hardLimit) {
        boolean taken = load.getAndUpdate(now -> hardLimit > 0 && now >= hardLimit ? now : now + 1) < hardLimit
                || hardLimit == 0;
        idleSince = System.nanoTime();
        return taken;
    }

    /** A request leaves. */
    public void leave() {
        load.decrementAndGet();
        idleSince = System.nanoTime();
        workers.listener().noticed();
    }

    /** Whether its program has not yet taken a connection of the edge since it was started. */
    public boolean booting() {
        return !listening;
    }

    /** Its program has taken a connection. */
    public void listens() {
        listening = true;
    }

    /** How long no request has been in it. */
    public Duration idle() {
        return load.get() > 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - idleSince);
    }

    /** As the directory sees it now. */
    public MachineView view() {
        return new MachineView(
                spec.id(), app.name(), spec.region(), spec.group(), address, state, metadata, spec.skipDns());
    }

    /** Completes when it is in one of some states, at once when it is already. */
    public CompletableFuture<MachineState> reached(Set<MachineState> wanted) {
        Waiter waiter = new Waiter(wanted, new CompletableFuture<>());
        waiters.add(waiter);
        wake();
        return waiter.future();
    }

    /**
     * Starts it, wakes it, or keeps it from being suspended.
     *
     * @param reason for the journal
     * @return the state before; fails with {@link MachineRefusal}
     */
    public CompletableFuture<MachineState> start(String reason) {
        return queued(() -> {
            MachineState before = state;
            switch (before) {
                case STOPPED -> {
                    restarts = 0;
                    launch(reason);
                }
                case SUSPENDED -> {
                    signalAll(Signals.CONT);
                    enter(MachineState.STARTED, reason);
                }
                case SUSPENDING -> enter(MachineState.STARTED, reason + ", suspend interrupted");
                case STARTING, STARTED -> {}
                default -> throw new MachineRefusal("machine " + id() + " is " + before.wire() + ", not startable");
            }
            return before;
        });
    }

    /**
     * Suspends it after {@code delay}.
     *
     * @return the state before; fails with {@link MachineRefusal}
     */
    public CompletableFuture<MachineState> suspend(Duration delay, String reason) {
        return queued(() -> {
            MachineState before = state;
            if (before == MachineState.SUSPENDED || before == MachineState.SUSPENDING) {
                return before;
            }
            if (before != MachineState.STARTED) {
                throw new MachineRefusal("machine " + id() + " is " + before.wire() + ", not started");
            }
            if (!suspendable()) {
                throw new MachineRefusal("machine " + id() + " has more than " + MOST_MEMORY + " MB");
            }
            enter(MachineState.SUSPENDING, reason);
            int now = turn;
            workers.later(delay, () -> queued(() -> {
                if (turn == now) {
                    signalAll(Signals.STOP);
                    enter(MachineState.SUSPENDED, reason);
                }
                return state;
            }));
            return before;
        });
    }

    /** Whether it is small enough. */
    public boolean suspendable() {
        return spec.memory() <= MOST_MEMORY;
    }

    /**
     * Tells it to end: a signal, SIGTERM after the time-out, the end of all its processes soon after that.
     *
     * @return the state before; fails with {@link MachineRefusal}
     */
    public CompletableFuture<MachineState> stop(Optional<String> signal, Optional<Duration> timeout, String reason) {
        return queued(() -> {
            MachineState before = state;
            switch (before) {
                case STARTED, SUSPENDING -> {
                    enter(MachineState.STOPPING, reason);
                    signalMain(Signals.number(signal.orElse(spec.killSignal())));
                    Duration grace = timeout.orElse(spec.killTimeout());
                    int now = turn;
                    workers.later(grace, () -> queued(() -> insist(now, Signals.TERM)));
                    workers.later(grace.plus(LAST_GRACE), () -> queued(() -> insist(now, Signals.KILL)));
                }
                case SUSPENDED -> {
                    enter(MachineState.STOPPING, reason + ", snapshot discarded");
                    signalAll(Signals.KILL);
                }
                case STARTING -> enter(MachineState.STOPPED, reason);
                case STOPPING, STOPPED -> {}
                default -> throw new MachineRefusal("machine " + id() + " is destroyed");
            }
            return before;
        });
    }

    /** Ends all its processes at once, as a crash of it would. */
    public CompletableFuture<MachineState> kill() {
        return queued(() -> {
            signalAll(Signals.KILL);
            return state;
        });
    }

    /** Ends all its processes; it does not come back. */
    public CompletableFuture<MachineState> destroy(String reason) {
        return queued(() -> {
            enter(MachineState.DESTROYED, reason);
            signalAll(Signals.KILL);
            return state;
        });
    }

    private MachineState insist(int since, int signal) {
        if (turn == since && state == MachineState.STOPPING) {
            if (signal == Signals.KILL) {
                signalAll(signal);
            } else {
                signalMain(signal);
            }
        }
        return state;
    }

    private void launch(String reason) {
        enter(MachineState.STARTING, reason);
        try {
            Process started = workers.launcher().start(app, spec, address);
            process = started;
            listening = false;
            started.onExit().thenRun(() -> queued(() -> exited(started)));
            enter(MachineState.STARTED, reason);
        } catch (IOException | UncheckedIOException e) {
            enter(MachineState.STOPPED, "its program cannot be started: " + e.getMessage());
        }
    }

    private MachineState exited(Process ended) {
        if (process != ended) {
            return state;
        }
        signalAll(Signals.KILL); // what it has left behind
        process = null;
        String end = "its program has ended with status " + ended.exitValue();
        boolean again = spec.restart() == Restart.ALWAYS
                || spec.restart() == Restart.ON_FAILURE && ended.exitValue() != 0 && restarts < MOST_RESTARTS;
        if (state == MachineState.DESTROYED) {
            return state;
        }
        if (state == MachineState.STOPPING || !again) {
            enter(MachineState.STOPPED, end);
            return state;
        }
        restarts++;
        enter(MachineState.STARTING, end);
        int now = turn;
        workers.later(RESTART_DELAY, () -> queued(() -> {
            if (turn == now) {
                launch("restart");
            }
            return state;
        }));
        return state;
    }

    private void signalMain(int signal) {
        if (process != null && process.isAlive()) {
            Signals.send(process.pid(), signal);
        }
    }

    private void signalAll(int signal) {
        if (process != null) {
            Signals.sendToAll(process.toHandle(), workers.launcher().mark(spec), signal);
        }
    }

    private void enter(MachineState next, String reason) {
        turn++;
        state = next;
        idleSince = System.nanoTime();
        workers.changed(this, reason);
        wake();
    }

    private void wake() {
        MachineState now = state;
        waiters.removeIf(waiter -> waiter.wanted().contains(now) && waiter.future().completeAsync(() -> now, workers.executor()) != null);
    }

    private CompletableFuture<MachineState> queued(Supplier<MachineState> change) {
        CompletableFuture<MachineState> done = new CompletableFuture<>();
        workers.queue(this).execute(() -> {
            try {
                done.complete(change.get());
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        return done.orTimeout(30, TimeUnit.SECONDS);
    }
}
