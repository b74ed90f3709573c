package marina.proxy;

import java.nio.ByteBuffer;

/**
 * Knows where the frames of a WebSocket end (RFC 6455 section 5.2), from all bytes of one direction in turn. Only the
 * lengths are read. Not thread-safe.
 */
final class FrameBoundary {
    private static final int OPCODE = 0x0F;
    private static final int CLOSE = 8;
    private static final int MASKED = 0x80;
    private static final int LENGTH = 0x7F;
    private static final int LENGTH_IN_2 = 126;
    private static final int LENGTH_IN_8 = 127;
    private static final int MASK_BYTES = 4;

    private int headerBytes; // of this frame up to its length, seen so far
    private int lengthBytes; // of its extended length, still to come
    private long length; // of its payload, as far as it is known
    private int mask; // bytes of the mask before the payload
    private boolean closing;
    private long rest; // its bytes still to come, once the length is known

    /** Whether the bytes seen so far end with a whole frame. */
    boolean isHere() {
        return headerBytes == 0;
    }

    /** Goes through all bytes of a buffer, which is left as it is. */
    void pass(ByteBuffer buffer) {
        int at = buffer.position();
        while (at < buffer.limit()) {
            at = step(buffer, at);
        }
    }

    /** The position in a buffer where the frame that has begun before it ends; its limit when that comes later. */
    int next(ByteBuffer buffer) {
        int at = buffer.position();
        while (at < buffer.limit() && !isHere()) {
            at = step(buffer, at);
        }
        return at;
    }

    /** Whether a close frame has begun, after which there must be no other (RFC 6455 section 5.5.1). */
    boolean isClosing() {
        return closing;
    }

    /** Goes on from a position of a buffer to a later one, at most to the end of the frame. */
    int step(ByteBuffer buffer, int at) {
        if (headerBytes >= 2 && lengthBytes == 0) {
            int passed = (int) Math.min(rest, buffer.limit() - at);
            rest -= passed;
            endIfOver();
            return at + passed;
        }
        int value = buffer.get(at) & 0xFF;
        headerBytes++;
        closing |= headerBytes == 1 && (value & OPCODE) == CLOSE;
        if (headerBytes == 2) {
            beginLength(value);
        } else if (headerBytes > 2) {
            lengthBytes--;
            length = length << 8 | value;
            if (lengthBytes == 0) {
                rest = length + mask;
            }
        }
        endIfOver();
        return at + 1;
    }

    private void beginLength(int value) {
        mask = (value & MASKED) == 0 ? 0 : MASK_BYTES;
        length = value & LENGTH;
        if (length < LENGTH_IN_2) {
            rest = length + mask;
            return;
        }
        lengthBytes = length == LENGTH_IN_8 ? 8 : 2;
        length = 0;
    }

    private void endIfOver() {
        if (headerBytes >= 2 && lengthBytes == 0 && rest == 0) {
            headerBytes = 0;
        }
    }
}
