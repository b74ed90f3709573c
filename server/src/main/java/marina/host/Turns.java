package marina.host;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets so many starts run at a time and the others wait in line, for starts that nobody waits for. Thread-safe; nothing is
 * called with its lock held.
 */
final class Turns {
    private final Queue<Runnable> waiting = new ArrayDeque<>(); // guarded by this
    private int free; // guarded by this

    /** That many at a time. */
    Turns(int most) {
        free = most;
    }

    /** As many as keep the processors busy, while the others do not take the memory of all at once. */
    static Turns byProcessors() {
        return new Turns(Math.max(4, 2 * Runtime.getRuntime().availableProcessors()));
    }

    /**
     * Begins when it is its turn, which ends with what is begun.
     *
     * @return completes as what is begun does
     */
    CompletableFuture<Void> run(Supplier<CompletableFuture<Void>> start) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        Runnable turn = () -> begin(start, result);
        synchronized (this) {
            if (free == 0) {
                waiting.add(turn);
                return result;
            }
            free--;
        }
        turn.run();
        return result;
    }

    private void begin(Supplier<CompletableFuture<Void>> start, CompletableFuture<Void> result) {
        CompletableFuture<Void> begun;
        try {
            begun = start.get();
        } catch (RuntimeException | Error e) {
            begun = CompletableFuture.failedFuture(e);
        }
        var unused = begun.whenComplete((done, failure) -> {
            next();
            if (failure == null) {
                result.complete(null);
            } else {
                result.completeExceptionally(failure);
            }
        });
    }

    private void next() {
        @Nullable Runnable turn;
        synchronized (this) {
            turn = waiting.poll();
            if (turn == null) {
                free++;
                return;
            }
        }
        turn.run();
    }
}
