package marina.proxy;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Keeps apart those who have to do with the body of a client's request: Jetty's side of the backend reads it, and another
 * thread of it may give the exchange up in the middle of that, but Jetty's parser of the client's connection, which both would
 * set to work, is for one thread at a time. Who reads passes the gate; the rest waits, without a thread, until nobody is
 * inside. Thread-safe.
 */
final class BodyGate {
    private final Queue<Runnable> tasks = new ArrayDeque<>(); // guarded by this, as all below
    private int inside;
    private boolean closed;
    private boolean busy;

    /**
     * Enters, to {@link #leave} soon.
     *
     * @return false when it is closed
     */
    synchronized boolean enter() {
        if (!closed) {
            inside++;
        }
        return !closed;
    }

    /** Does what has waited for it. */
    void leave() {
        synchronized (this) {
            inside--;
        }
        work();
    }

    /** Lets nobody in from now on, and does something when nobody is inside. */
    void close(Runnable task) {
        synchronized (this) {
            closed = true;
        }
        whenEmpty(task);
    }

    /** Does something when nobody is inside: at once, or on the thread of who leaves last. One after the other. */
    void whenEmpty(Runnable task) {
        synchronized (this) {
            tasks.add(task);
        }
        work();
    }

    private void work() {
        while (true) {
            Runnable task;
            synchronized (this) {
                task = busy || inside > 0 ? null : tasks.poll();
                if (task == null) {
                    return;
                }
                busy = true;
            }
            try {
                task.run();
            } finally {
                synchronized (this) {
                    busy = false;
                }
            }
        }
    }
}
