package marina.proxy;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Takes the answers to our own pings out of one direction of a WebSocket: who has not asked should not hear them. All else
 * passes as it is, and without a copy where there is no pong. Not thread-safe.
 */
final class PongSieve {
    private final Heartbeat heartbeat;
    private final FrameBoundary frames = new FrameBoundary();
    private final byte[] held = new byte[Heartbeat.LONGEST_FRAME]; // the beginning of a pong
    private int heldBytes;
    private boolean holding;

    PongSieve(Heartbeat heartbeat) {
        this.heartbeat = heartbeat;
    }

    /** What is left of all bytes of a buffer: that buffer, or another one, and then the buffer has been consumed. */
    ByteBuffer pass(ByteBuffer in) {
        ByteBuffer out = holding ? room(in) : null;
        int kept = in.position(); // up to here everything has gone where it belongs
        int at = kept;
        while (at < in.limit()) {
            if (!holding && frames.isHere() && Heartbeat.isPong(in.get(at))) {
                out = out == null ? room(in) : out;
                move(in, kept, at, out);
                holding = true;
                heldBytes = 0;
            }
            int next = frames.step(in, at);
            if (holding && out != null) {
                hold(in, at, next, out);
                kept = next;
            }
            at = next;
        }
        if (out == null) {
            return in;
        }
        move(in, kept, in.limit(), out);
        in.position(in.limit());
        return out.flip();
    }

    private static ByteBuffer room(ByteBuffer in) {
        return ByteBuffer.allocate(in.remaining() + Heartbeat.LONGEST_FRAME);
    }

    private static void move(ByteBuffer in, int from, int to, ByteBuffer out) {
        out.put(in.duplicate().position(from).limit(to));
    }

    private void hold(ByteBuffer in, int from, int to, ByteBuffer out) {
        if (heldBytes + to - from > held.length) {
            out.put(held, 0, heldBytes); // longer than a pong may be: not for us to judge
            move(in, from, to, out);
            holding = false;
            return;
        }
        in.duplicate().position(from).get(held, heldBytes, to - from);
        heldBytes += to - from;
        if (frames.isHere()) {
            holding = false;
            if (!heartbeat.isAnswer(Arrays.copyOf(held, heldBytes))) {
                out.put(held, 0, heldBytes);
            }
        }
    }
}
