package marina.backend;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A start under way. Thread-safe.
 *
 * @param <I> what is being started
 */
final class Attempt<I extends Instance> {
    final long begin = System.nanoTime();
    private volatile boolean abandoned;
    private volatile @Nullable CompletableFuture<I> future;

    /** Calls the starter, unless nobody wants its result any more; then tells what came of it, on the executor. */
    void launch(InstanceStarter<I> starter, Executor executor, BiConsumer<@Nullable I, @Nullable Throwable> done) {
        CompletableFuture<I> starting =
                abandoned ? CompletableFuture.failedFuture(new StartFailedException("given up")) : call(starter);
        future = starting;
        var unused = starting.whenCompleteAsync(done, executor);
        if (abandoned) { // between the question above and the answer: abandon() may have come too early to cancel it
            starting.cancel(true);
        }
    }

    /** Nobody wants its result any more; {@link #cancel} must follow. */
    void abandon() {
        abandoned = true;
    }

    boolean abandoned() {
        return abandoned;
    }

    /** Gives the start up, if the starter has been called. */
    void cancel() {
        CompletableFuture<I> starting = future;
        if (starting != null) {
            starting.cancel(true);
        }
    }

    private static <I extends Instance> CompletableFuture<I> call(InstanceStarter<I> starter) {
        try {
            return starter.start();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
