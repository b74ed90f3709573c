package marina.backend;

import java.util.concurrent.CompletableFuture;

/** What a crash has left of an instance, until it has been cleared away. Guarded by the backend's lock. */
final class Leftovers {
    private final Guard guard;
    private final Outside outside;
    private CompletableFuture<Void> gone = CompletableFuture.completedFuture(null); // of the last crash

    Leftovers(Guard guard, Outside outside) {
        this.guard = guard;
        this.outside = outside;
    }

    /** Clears away what this instance has left. */
    void clear(Instance crashed) {
        CompletableFuture<Void> cleared = new CompletableFuture<>();
        gone = cleared;
        guard.outbox.add(() -> outside.stop(crashed, () -> cleared.complete(null)));
    }

    /** Goes on, without the lock, when nothing is left. */
    void whenGone(Runnable next) {
        CompletableFuture<Void> before = gone;
        guard.outbox.add(() -> {
            var unused = before.thenRunAsync(next, outside);
        });
    }

    /** Completes when nothing is left. */
    CompletableFuture<Void> gone() {
        return gone.copy();
    }
}
