package marina.server;

import java.nio.ByteBuffer;
import java.nio.channels.WritePendingException;
import java.util.List;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * What is to be written to a connection and is held back for a moment, because more may come. Whoever writes has one write under way at a
 * time, as Jetty's end points ask. Thread-safe.
 */
final class Outbox {
    /** A TLS record that small arrives in few segments; who waits for more makes the first answers late. */
    private static final int MOST_HELD = 4 * 1024;

    private final EndPoint below;
    private final ByteBufferPool buffers;
    private RetainableByteBuffer.@Nullable Mutable held; // guarded by this, as all below
    private boolean sending;
    private boolean sendingHeld; // nothing else
    private @Nullable Waiting waiting;
    private @Nullable Throwable failure;
    private @Nullable Runnable afterwards;

    Outbox(EndPoint below, ByteBufferPool buffers) {
        this.below = below;
        this.buffers = buffers;
    }

    /** What has become of a write. */
    enum Fate {
        /** A copy is kept; the buffers are free. */
        HELD,
        /** As {@link #HELD}, and somebody has to call {@link #send}. */
        FIRST_HELD,
        /** Its callback is told. */
        TAKEN
    }

    /** A write that could not begin, because what was held before it is still being sent. */
    private record Waiting(Callback callback, List<ByteBuffer> content) {}

    /**
     * Writes.
     *
     * @param more whether more may come at once
     */
    Fate write(boolean more, Callback callback, ByteBuffer... content) {
        Throwable failed;
        ByteBuffer[] all = content;
        RetainableByteBuffer before;
        synchronized (this) {
            failed = failure;
            if (failed == null && sending) {
                if (waiting != null) {
                    throw new WritePendingException();
                }
                waiting = new Waiting(callback, List.of(content));
                return Fate.TAKEN;
            }
            if (failed == null && more && fits(content)) {
                return hold(content);
            }
            before = held;
            held = null;
            sending = failed == null;
            sendingHeld = false;
        }
        if (failed != null) {
            callback.failed(failed);
            return Fate.TAKEN;
        }
        if (before != null) {
            all = new ByteBuffer[content.length + 1];
            all[0] = before.getByteBuffer();
            System.arraycopy(content, 0, all, 1, content.length);
        }
        below.write(new Sent(before, callback), all);
        return Fate.TAKEN;
    }

    private boolean fits(ByteBuffer[] content) {
        long bytes = held == null ? 0 : held.remaining();
        for (ByteBuffer buffer : content) {
            bytes += buffer.remaining();
        }
        return bytes <= MOST_HELD;
    }

    private Fate hold(ByteBuffer[] content) {
        RetainableByteBuffer.Mutable box = held;
        boolean first = box == null;
        if (box == null) {
            box = buffers.acquire(MOST_HELD, false);
            held = box;
        }
        for (ByteBuffer buffer : content) {
            box.append(buffer);
        }
        return first ? Fate.FIRST_HELD : Fate.HELD;
    }

    /** Sends what is held. */
    void send() {
        RetainableByteBuffer box;
        synchronized (this) {
            if (held == null || sending) {
                return;
            }
            box = held;
            held = null;
            sending = true;
            sendingHeld = true;
        }
        below.write(new Sent(box, Callback.NOOP), box.getByteBuffer());
    }

    synchronized boolean isEmpty() {
        return held == null && !sending;
    }

    /** Takes back the write that could not begin yet; null when there is none. */
    synchronized @Nullable Callback cancel() {
        Waiting write = waiting;
        waiting = null;
        return write == null ? null : write.callback;
    }

    /**
     * Does something when what was held has been sent or has failed, because its writer believes that it has gone; at once when nothing of
     * that kind is under way.
     *
     * @return whether it is done already
     */
    boolean afterHeld(Runnable action) {
        send();
        synchronized (this) {
            if (sending && sendingHeld && afterwards == null) {
                afterwards = action;
                return false;
            }
        }
        action.run();
        return true;
    }

    /** Gives up what is held. */
    void discard(Throwable cause) {
        RetainableByteBuffer box;
        Waiting write;
        synchronized (this) {
            failure = failure == null ? cause : failure;
            box = held;
            held = null;
            write = waiting;
            waiting = null;
        }
        if (box != null) {
            box.release();
        }
        if (write != null) {
            write.callback.failed(cause);
        }
        ended();
    }

    private void ended() {
        Runnable action;
        synchronized (this) {
            action = afterwards;
            afterwards = null;
        }
        if (action != null) {
            action.run();
        }
    }

    /** The end of a write to the connection below. */
    private final class Sent implements Callback {
        private final @Nullable RetainableByteBuffer box;
        private final Callback callback;

        Sent(@Nullable RetainableByteBuffer box, Callback callback) {
            this.box = box;
            this.callback = callback;
        }

        @Override
        public void succeeded() {
            Waiting next;
            synchronized (Outbox.this) {
                next = waiting;
                waiting = null;
                sending = next != null;
                sendingHeld = false;
            }
            if (box != null) {
                box.release();
            }
            if (next != null) {
                below.write(new Sent(null, next.callback), next.content.toArray(ByteBuffer[]::new));
            } else {
                ended();
            }
            callback.succeeded();
        }

        @Override
        public void failed(Throwable cause) {
            synchronized (Outbox.this) {
                sending = false;
            }
            if (box != null) {
                box.release();
            }
            discard(cause);
            callback.failed(cause);
        }

        /** What it leads to may be the write that waits. */
        @Override
        public InvocationType getInvocationType() {
            synchronized (Outbox.this) {
                return waiting == null ? callback.getInvocationType() : waiting.callback.getInvocationType();
            }
        }
    }
}
