package marina.cable;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;

/**
 * What waits for one client, which may read slowly or not at all. One message is on its way, so many others wait, and what comes
 * while they do is dropped: no client takes memory or time from the others. Thread-safe; holds no lock while it sends.
 */
final class Outbox {
    private final CoreSession session;
    private final int most;
    private final Backlog backlog;
    private final ArrayDeque<ByteBuffer> waiting = new ArrayDeque<>(0); // guarded by this
    private boolean sending; // guarded by this
    private boolean closed; // guarded by this
    private long since; // guarded by this; when the message on its way was handed over, by nanoTime

    /**
     * For an open socket.
     *
     * @param most how many messages may wait
     * @param backlog of all clients together
     */
    Outbox(CoreSession session, int most, Backlog backlog) {
        this.session = session;
        this.most = most;
        this.backlog = backlog;
    }

    /** Sends a text now or later; false when it is dropped. */
    boolean offer(ByteBuffer text) {
        synchronized (this) {
            if (closed) {
                return true; // nobody is there to miss it
            }
            if (sending) {
                if (waiting.size() >= most || !backlog.take(text.remaining())) {
                    return false;
                }
                waiting.add(text);
                return true;
            }
            sending = true;
            since = System.nanoTime();
        }
        send(text);
        return true;
    }

    /** For how long the message on its way has been; 0 when none is. */
    long stalledNanos(long now) {
        synchronized (this) {
            return sending && !closed ? Math.max(0, now - since) : 0;
        }
    }

    /** Forgets what waits. */
    void close() {
        synchronized (this) {
            closed = true;
            drop();
        }
    }

    private void send(ByteBuffer text) {
        // Jetty calls back from its loop of writing, so this does not pile up on the stack.
        session.sendFrame(new Frame(OpCode.TEXT, text.slice()), Callback.from(this::next, failure -> close()), false);
    }

    private void next() {
        ByteBuffer text;
        synchronized (this) {
            text = closed ? null : waiting.poll();
            if (text == null) {
                sending = false;
                return;
            }
            backlog.give(text.remaining());
            since = System.nanoTime();
        }
        send(text);
    }

    /** To be called with the lock. */
    private void drop() {
        waiting.forEach(text -> backlog.give(text.remaining()));
        waiting.clear();
    }
}
