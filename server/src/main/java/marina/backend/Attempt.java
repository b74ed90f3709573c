package marina.backend;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A backend's try to start, from the decision to its end. Thread-safe.
 *
 * @param <I> what is being started
 */
final class Attempt<I extends Instance> {
    private final long begin = System.nanoTime();
    private volatile boolean abandoned;
    private volatile @Nullable Start<I> start;

    /** Calls the starter, unless nobody wants its result any more; then tells what came of it, on the executor. */
    void launch(InstanceStarter<I> starter, Executor executor, BiConsumer<@Nullable I, @Nullable Throwable> done) {
        var unused = begin(starter).whenCompleteAsync(done, executor);
        if (abandoned) { // between the question and the answer: giveUp() may have come too early to reach it
            giveUp();
        }
    }

    /** How long it has taken, without the time that it waited before it began. */
    Duration took() {
        Start<I> begun = start;
        Duration all = Duration.ofNanos(System.nanoTime() - begin);
        return begun == null ? all : all.minus(begun.waited());
    }

    /** Nobody wants its result any more; {@link #giveUp} must follow. */
    void abandon() {
        abandoned = true;
    }

    boolean abandoned() {
        return abandoned;
    }

    /** Ends what has been begun, if anything has. */
    void giveUp() {
        Start<I> begun = start;
        if (begun != null) {
            begun.giveUp();
        }
    }

    private CompletableFuture<I> begin(InstanceStarter<I> starter) {
        if (abandoned) {
            return CompletableFuture.failedFuture(new StartFailedException("given up"));
        }
        try {
            Start<I> begun = starter.start();
            start = begun;
            return begun.ready();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
