package marina.cable;

import java.nio.ByteBuffer;

/**
 * A text for one client or for many, which counts once in the backlog for as long as somebody holds it: a broadcast that a
 * thousand clients wait for is in memory once. Thread-safe.
 */
final class Parcel {
    private final ByteBuffer text;
    private final Backlog backlog;
    private int holders; // guarded by this

    /**
     * A text that nobody holds.
     *
     * @param text not to be changed any more
     * @param backlog of all clients together
     */
    Parcel(ByteBuffer text, Backlog backlog) {
        this.text = text;
        this.backlog = backlog;
    }

    /** The text, from its beginning. */
    ByteBuffer text() {
        return text.slice();
    }

    /** Bytes. */
    int size() {
        return text.remaining();
    }

    /** Whether it may be sent right now; {@link #drop} must follow. */
    synchronized boolean take() {
        return hold(backlog.free());
    }

    /**
     * Whether it may wait behind others: a client may have half of what is free waiting, so that those who never read leave
     * room for those who are late; {@link #drop} must follow.
     *
     * @param others bytes that wait for the client already
     */
    synchronized boolean takeBehind(long others) {
        long share = backlog.free() / 2;
        return others + size() <= share && hold(share);
    }

    /** To be called with the lock. */
    private boolean hold(long room) {
        if (holders == 0 && (size() > room || !backlog.take(size()))) {
            return false;
        }
        holders++;
        return true;
    }

    /** One holder less. */
    synchronized void drop() {
        if (--holders == 0) {
            backlog.give(size());
        }
    }
}
