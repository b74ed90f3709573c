package marina.backend;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** An instance without a process. */
final class FakeInstance implements Instance {
    final CompletableFuture<String> ended = new CompletableFuture<>();
    final CompletableFuture<Void> gone = new CompletableFuture<>();
    final AtomicBoolean stopAsked = new AtomicBoolean();
    private final AtomicBoolean living = new AtomicBoolean(true);
    private final boolean stopsAtOnce;
    private final AtomicInteger alive;

    /** Counts itself among the living until it has been stopped. */
    FakeInstance(AtomicInteger alive, boolean stopsAtOnce) {
        this.alive = alive;
        this.stopsAtOnce = stopsAtOnce;
        alive.incrementAndGet();
    }

    @Override
    public long pid() {
        return 0;
    }

    @Override
    public String address() {
        return "";
    }

    @Override
    public CompletableFuture<String> ended() {
        return ended;
    }

    @Override
    public CompletableFuture<Void> stop() {
        stopAsked.set(true);
        if (stopsAtOnce) {
            goneNow();
        }
        return gone.copy();
    }

    void goneNow() {
        if (living.compareAndSet(true, false)) { // two threads may end it at once
            alive.decrementAndGet();
        }
        ended.complete("stopped");
        gone.complete(null);
    }
}
