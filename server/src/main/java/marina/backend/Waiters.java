package marina.backend;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Those who wait for a backend: for a lease, for the end of a start or of a stop. All is guarded by the backend's lock;
 * the futures are completed through the outbox, each on the executor, since a request goes on there.
 *
 * @param <I> what they wait for
 */
final class Waiters<I extends Instance> {
    private final Set<Waiter<I>> parked = new LinkedHashSet<>();
    private final List<CompletableFuture<Void>> starts = new ArrayList<>();
    private final List<CompletableFuture<Void>> stops = new ArrayList<>();
    private final Guard guard;
    private final Executor executor;

    Waiters(Guard guard, Executor executor) {
        this.guard = guard;
        this.executor = executor;
    }

    /** One who waits for a lease, and is forgotten when it cancels this. */
    CompletableFuture<Lease<I>> park() {
        Waiter<I> waiter = new Waiter<>();
        parked.add(waiter);
        var unused = waiter.future.whenComplete((lease, refusal) -> {
            if (refusal != null) {
                guard.run(() -> parked.remove(waiter));
            }
        });
        return waiter.future;
    }

    CompletableFuture<Void> forStart() {
        CompletableFuture<Void> start = new CompletableFuture<>();
        starts.add(start);
        return start;
    }

    CompletableFuture<Void> forStop() {
        CompletableFuture<Void> stop = new CompletableFuture<>();
        stops.add(stop);
        return stop;
    }

    /** Whether somebody wants it to run. */
    boolean wantStart() {
        return !parked.isEmpty() || !starts.isEmpty();
    }

    /** It is ready: all who are parked get a lease, which goes back if its owner has lost interest. */
    void ready(Supplier<Lease<I>> leases) {
        for (Waiter<I> waiter : parked) {
            Lease<I> lease = leases.get();
            send(() -> {
                if (!waiter.future.complete(lease)) {
                    lease.close();
                }
            });
        }
        parked.clear();
        starts.forEach(start -> send(() -> start.complete(null)));
        starts.clear();
    }

    /** It will not become ready. */
    void refuse(RuntimeException why) {
        parked.forEach(waiter -> send(() -> waiter.future.completeExceptionally(why)));
        parked.clear();
        starts.forEach(start -> send(() -> start.completeExceptionally(why)));
        starts.clear();
    }

    /** It has been stopped: nobody waits for the end of a start that is not to be any more. */
    void startCalledOff(String name) {
        refuse(new BackendUnavailableException(name + " was stopped before it was ready", Duration.ofSeconds(1)));
    }

    /** It has stopped. */
    void stopped() {
        stops.forEach(stop -> send(() -> stop.complete(null)));
        stops.clear();
    }

    private void send(Runnable completion) {
        guard.outbox.add(() -> executor.execute(completion));
    }

    /** One request; equal to nothing but itself. */
    static final class Waiter<I extends Instance> {
        final CompletableFuture<Lease<I>> future = new CompletableFuture<>();
    }
}
