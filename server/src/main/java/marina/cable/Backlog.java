package marina.cable;

import java.util.concurrent.atomic.AtomicLong;

/** What waits in memory, of all sockets or of all broadcasts together, and how much may. Thread-safe. */
final class Backlog {
    private final AtomicLong bytes = new AtomicLong();
    private final long most;

    Backlog(long most) {
        this.most = most;
    }

    /** Whether there was room for so many bytes; {@link #give} must follow. */
    boolean take(int size) {
        if (bytes.addAndGet(size) > most) {
            bytes.addAndGet(-size);
            return false;
        }
        return true;
    }

    /** How much more there is room for. */
    long free() {
        return Math.max(0, most - bytes.get());
    }

    /** Whether more than half is taken. */
    boolean isShort() {
        return bytes.get() > most / 2;
    }

    void give(long size) {
        bytes.addAndGet(-size);
    }
}
