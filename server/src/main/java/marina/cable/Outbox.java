package marina.cable;

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
    private final ArrayDeque<Parcel> waiting = new ArrayDeque<>(0); // guarded by this
    private long bytes; // guarded by this; of those that wait
    private boolean sending; // guarded by this
    private boolean closed; // guarded by this
    private long since; // guarded by this; when the message on its way was handed over, by nanoTime

    /**
     * For an open socket.
     *
     * @param most how many messages may wait
     */
    Outbox(CoreSession session, int most) {
        this.session = session;
        this.most = most;
    }

    /** Sends a text now or later; false when it is dropped. */
    boolean offer(Parcel text) {
        synchronized (this) {
            if (closed) {
                return true; // nobody is there to miss it
            }
            if (sending) {
                if (waiting.size() >= most || !text.takeBehind(bytes)) {
                    return false;
                }
                waiting.add(text);
                bytes += text.size();
                return true;
            }
            if (!text.take()) {
                return false;
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
            waiting.forEach(Parcel::drop);
            waiting.clear();
            bytes = 0;
        }
    }

    private void send(Parcel text) {
        // Jetty calls back from its loop of writing, so this does not pile up on the stack.
        session.sendFrame(
                new Frame(OpCode.TEXT, text.text()),
                Callback.from(
                        () -> {
                            text.drop();
                            next();
                        },
                        failure -> {
                            text.drop();
                            close();
                        }),
                false);
    }

    private void next() {
        Parcel text;
        synchronized (this) {
            text = closed ? null : waiting.poll();
            if (text == null) {
                sending = false;
                return;
            }
            bytes -= text.size();
            since = System.nanoTime();
        }
        send(text);
    }
}
