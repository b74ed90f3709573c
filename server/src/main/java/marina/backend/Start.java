package marina.backend;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A start under way, made by an {@link InstanceStarter}. Thread-safe.
 *
 * @param <I> what is being started
 */
public interface Start<I extends Instance> {

    /**
     * Completes when the instance is ready; exceptionally, with a {@link StartFailedException}, when it will not be and
     * nothing is left of what had been begun.
     */
    CompletableFuture<I> ready();

    /** How long it waited before it began; final when it is ready. */
    default Duration waited() {
        return Duration.ZERO;
    }

    /**
     * Nobody wants it any more: what has been begun is ended, and {@link #ready} completes when it is gone. Does nothing
     * when that has completed already. Must not block.
     */
    void giveUp();
}
