package marina.host;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets so many starts run at a time and the others wait in line, for starts that nobody waits for. Thread-safe; nothing is
 * called with its lock held.
 */
final class Turns {
    private final Queue<Runnable> waiting = new ArrayDeque<>(); // guarded by this
    private int free; // guarded by this
    private boolean calling; // guarded by this; somebody calls those whose turn it is

    /** That many at a time. */
    Turns(int most) {
        free = most;
    }

    /** As many as keep the processors busy, while the others do not take the memory of all at once. */
    static Turns byProcessors() {
        return new Turns(Math.max(4, 2 * Runtime.getRuntime().availableProcessors()));
    }

    /**
     * Begins when it is its turn.
     *
     * @param limit after which the next one has its turn, even if this one has not ended
     * @return completes as what is begun does
     */
    CompletableFuture<Void> run(Supplier<CompletableFuture<Void>> start, Duration limit) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        synchronized (this) {
            waiting.add(() -> begin(start, limit, result));
        }
        call();
        return result;
    }

    private void begin(Supplier<CompletableFuture<Void>> start, Duration limit, CompletableFuture<Void> result) {
        CompletableFuture<Void> begun;
        try {
            begun = start.get();
        } catch (RuntimeException | Error e) {
            begun = CompletableFuture.failedFuture(e);
        }
        var unused = begun.copy()
                .completeOnTimeout(null, limit.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((done, failure) -> ended());
        unused = begun.whenComplete((done, failure) -> {
            if (failure == null) {
                result.complete(null);
            } else {
                result.completeExceptionally(failure);
            }
        });
    }

    private void ended() {
        synchronized (this) {
            free++;
        }
        call();
    }

    /** One after the other, and never from within another's: what has been retired in line ends at once. */
    private void call() {
        synchronized (this) {
            if (calling) {
                return;
            }
            calling = true;
        }
        for (Runnable turn = poll(); turn != null; turn = poll()) {
            turn.run();
        }
    }

    private synchronized @Nullable Runnable poll() {
        Runnable turn = free > 0 ? waiting.poll() : null;
        if (turn == null) {
            calling = false;
        } else {
            free--;
        }
        return turn;
    }
}
