package marina.backend;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** The one lock of a backend, and the outbox that is emptied whenever it has been released. Thread-safe. */
final class Guard {
    final Outbox outbox = new Outbox();
    private final ReentrantLock lock = new ReentrantLock();

    /** Changes something; not to be nested. */
    void run(Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            lock.unlock();
            outbox.flush();
        }
    }

    /** Changes something and tells; not to be nested. */
    <T> T get(Supplier<T> change) {
        lock.lock();
        try {
            return change.get();
        } finally {
            lock.unlock();
            outbox.flush();
        }
    }
}
