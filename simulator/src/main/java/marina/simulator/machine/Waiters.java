package marina.simulator.machine;

import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Who waits for a machine to be in some state. Thread-safe. */
final class Waiters {

    private final Queue<Waiter> waiting = new ConcurrentLinkedQueue<>();
    private final Executor executor;

    /**
     * @param executor runs what was made dependent on the futures
     */
    Waiters(Executor executor) {
        this.executor = executor;
    }

    private record Waiter(Set<MachineState> wanted, CompletableFuture<MachineState> future) {}

    /** Also looks at the state itself, which may have come meanwhile. */
    CompletableFuture<MachineState> waitFor(Set<MachineState> wanted, Supplier<MachineState> state) {
        Waiter waiter = new Waiter(wanted, new CompletableFuture<>());
        waiting.add(waiter);
        wake(state.get());
        return waiter.future();
    }

    void wake(MachineState now) {
        for (Waiter waiter : List.copyOf(waiting)) {
            if (waiter.wanted().contains(now) && waiting.remove(waiter)) {
                waiter.future().completeAsync(() -> now, executor);
            }
        }
    }
}
