package marina.simulator.machine;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import marina.simulator.topology.Topology.App;
import marina.simulator.topology.Topology.MachineSpec;

/**
 * One machine: a state, and a process in most of them. All changes of state happen one after the other on the machine's
 * own queue; everybody may read. Thread-safe.
 */
public final class Machine {

    private final App app;
    private final MachineSpec spec;
    private final String address;
    private final Workers workers;
    private final Map<String, String> metadata;
    private final LifeCycle life;
    private final Load load;
    private final MachineFaults faults = new MachineFaults();
    private volatile boolean cordoned;

    Machine(App app, MachineSpec spec, String address, Workers workers) {
        this.app = app;
        this.spec = spec;
        this.address = address;
        this.workers = workers;
        this.metadata = new ConcurrentHashMap<>(spec.metadata());
        this.load = new Load(workers.listener());
        this.life = new LifeCycle(this, workers);
    }

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
        return life.state();
    }

    /** Changes with every change of state: the same number means that nothing has happened in between. */
    public int turn() {
        return life.turn();
    }

    /** Its metadata; changes are seen by all. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** Its metadata have been changed. */
    public void tellMetadata(String key) {
        workers.changed(this, "metadata " + key);
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

    /** Makes it refuse the edge's connections, or mends it. */
    public void breakDown(boolean broken) {
        faults.breakDown(broken);
        workers.changed(this, broken ? "broken on command" : "mended");
    }

    /** Kills it if it is to die at this point of a request. */
    public void maybeDie(Death point) {
        if (faults.diesAt(point)) {
            kill().join();
        }
    }

    /** The requests in it. */
    public Load load() {
        return load;
    }

    /** What goes wrong with it on command. */
    public MachineFaults faults() {
        return faults;
    }

    /** Whether its program has not yet taken a connection of the edge since it was started. */
    public boolean booting() {
        return life.booting();
    }

    /** Its program has taken a connection. */
    public void listens() {
        life.listens();
    }

    /** As the directory sees it now. */
    public MachineView view() {
        return new MachineView(
                spec.id(), app.name(), spec.region(), spec.group(), address, state(), metadata, spec.skipDns());
    }

    /** Completes when it is in one of some states, at once when it is already. */
    public CompletableFuture<MachineState> reached(Set<MachineState> wanted) {
        return life.reached(wanted);
    }

    /**
     * Starts it, wakes it, or keeps it from being suspended.
     *
     * @param reason for the journal
     * @return the state before; fails with {@link MachineRefusal}
     */
    public CompletableFuture<MachineState> start(String reason) {
        return life.start(reason);
    }

    /**
     * Suspends it after {@code delay}.
     *
     * @return the state before; fails with {@link MachineRefusal}
     */
    public CompletableFuture<MachineState> suspend(Duration delay, String reason) {
        return life.suspend(delay, reason);
    }

    /** Whether it is small enough. */
    public boolean suspendable() {
        return life.suspendable();
    }

    /**
     * Tells it to end: a signal, SIGTERM after the time-out, the end of all its processes soon after that.
     *
     * @return the state before; fails with {@link MachineRefusal}
     */
    public CompletableFuture<MachineState> stop(Optional<String> signal, Optional<Duration> timeout, String reason) {
        return life.stop(signal, timeout, reason);
    }

    /** Ends all its processes at once, as a crash of it would; completes when they have gone. */
    public CompletableFuture<MachineState> kill() {
        return life.kill();
    }

    /** Ends all its processes; it does not come back. */
    public CompletableFuture<MachineState> destroy(String reason) {
        return life.destroy(reason);
    }
}
