package marina.backend;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a change of state has to tell others: put in while the lock is held, so that the order is that of the changes, and
 * carried out after it has been released, by one thread at a time. Thread-safe.
 */
final class Outbox {
    private final Queue<Runnable> letters = new ConcurrentLinkedQueue<>();
    private final AtomicInteger undelivered = new AtomicInteger();

    /** Puts one in; must not throw when it is carried out. */
    void add(Runnable letter) {
        letters.add(letter);
    }

    /** Carries out what is inside, unless another thread is just doing so: then that one goes on. */
    void flush() {
        if (letters.isEmpty() || undelivered.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            for (Runnable letter = letters.poll(); letter != null; letter = letters.poll()) {
                letter.run();
            }
            seen = undelivered.addAndGet(-seen);
        } while (seen != 0);
    }
}
