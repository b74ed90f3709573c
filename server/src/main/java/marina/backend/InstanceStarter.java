package marina.backend;

import java.util.concurrent.CompletableFuture;

/**
 * Knows how to start an application.
 *
 * @param <I> what it starts
 */
@FunctionalInterface
public interface InstanceStarter<I extends Instance> {

    /**
     * Starts one and completes when it is ready, or exceptionally with a {@link StartFailedException} and nothing left
     * behind. Must not block for long; cancelling the future gives the start up and cleans up.
     */
    CompletableFuture<I> start();
}
