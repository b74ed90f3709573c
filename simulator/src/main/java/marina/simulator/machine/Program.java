package marina.simulator.machine;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import marina.simulator.topology.Topology.App;
import marina.simulator.topology.Topology.MachineSpec;
import org.jspecify.annotations.Nullable;

/** The processes of one machine. Used on the machine's queue only. */
final class Program {

    private final Launcher launcher;
    private final App app;
    private final MachineSpec spec;
    private final String address;
    private @Nullable Process process;
    private @Nullable Family family;
    private CompletableFuture<?> gone = CompletableFuture.completedFuture(null);

    Program(Launcher launcher, App app, MachineSpec spec, String address) {
        this.launcher = launcher;
        this.app = app;
        this.spec = spec;
        this.address = address;
    }

    /**
     * Starts the main process.
     *
     * @param listener is told when it has ended, on any thread
     */
    void launch(Consumer<Process> listener) throws IOException {
        Process started = launcher.start(app, spec, address);
        process = started;
        family = new Family(started.toHandle(), launcher.mark(spec));
        gone = new CompletableFuture<>();
        started.onExit().thenAccept(listener).exceptionally(failure -> null);
    }

    /** Takes note that a main process has ended, and kills what it has left behind; false when it is not the last one. */
    boolean end(Process ended) {
        if (process != ended) {
            return false;
        }
        signalAll(Signals.KILL);
        process = null;
        family = null;
        gone.complete(null);
        return true;
    }

    /** Calls when nothing is left of them; at once when nothing runs. */
    void whenGone(Runnable told) {
        gone.thenRun(told).exceptionally(failure -> null);
    }

    /** To the main process. */
    void signal(int signal) {
        if (process != null && process.isAlive()) {
            Signals.send(process.pid(), signal);
        }
    }

    /** To all of them. */
    void signalAll(int signal) {
        if (family != null) {
            Signals.sendToAll(family, signal);
        }
    }

    /** Takes note of who belongs to it; to be called now and then, because children may lose their parents. */
    void look() {
        if (family != null) {
            family.look();
        }
    }
}
