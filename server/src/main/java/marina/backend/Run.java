package marina.backend;

import java.util.concurrent.CompletableFuture;

/**
 * One instance from ready to end, with the count of those who use it. Guarded by the backend's lock.
 *
 * @param <I> what runs
 */
final class Run<I extends Instance> {
    final I instance;
    final CompletableFuture<String> ended;
    final long pid;
    final String address;
    final long readyAt = System.nanoTime();
    private volatile int leases; // written with the lock held
    private long lastClose = readyAt;

    Run(I instance) {
        this.instance = instance;
        this.ended = instance.ended();
        this.pid = instance.pid();
        this.address = instance.address();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // the lock is held
    void opened() {
        leases++;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // the lock is held
    void closed() {
        leases--;
        lastClose = System.nanoTime();
    }

    int leases() {
        return leases;
    }

    /** Its leases, or {@link Backend#NOT_READY} when it has ended. May be asked without the lock. */
    int load() {
        return ended.isDone() ? Backend.NOT_READY : leases;
    }

    /** Nanoseconds since the last lease was closed, or since it became ready. */
    long idleNanos() {
        return System.nanoTime() - lastClose;
    }

    /** Nanoseconds since it became ready. */
    long readyNanos() {
        return System.nanoTime() - readyAt;
    }
}
