package marina.backend;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** Something that is done once or not at all: it is begun or called off, whichever comes first. Thread-safe. */
final class Step {
    private final AtomicBoolean taken = new AtomicBoolean();
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    /** Whether it may be done; then {@link #end} must follow. */
    boolean begin() {
        return taken.compareAndSet(false, true);
    }

    /** It has been done, or has failed. */
    void end() {
        over.complete(null);
    }

    /** It shall not be done any more; one that has begun goes on. */
    void callOff() {
        if (taken.compareAndSet(false, true)) {
            over.complete(null);
        }
    }

    /** Completes when it has been done or called off. */
    CompletableFuture<Void> over() {
        return over;
    }
}
