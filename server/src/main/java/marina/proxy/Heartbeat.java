package marina.proxy;

import java.security.SecureRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The pings that the server puts into the two directions of one WebSocket (RFC 6455 section 5.5.2), and how their answers are
 * told from those to others: by a payload that nobody can guess. Thread-safe.
 */
final class Heartbeat {
    /** Of a whole control frame: two bytes, a mask, and the longest payload. */
    static final int LONGEST_FRAME = 2 + 4 + 125;

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final byte PING = (byte) 0x89;
    private static final byte PONG = (byte) 0x8A;
    private static final int OPCODE = 0x0F;
    private static final int MASKED = 0x80;
    private static final int LENGTH = 0x7F;
    private static final int PAYLOAD_BYTES = 8;
    private static final int MASK_BYTES = 4;

    private final byte[] payload = random(PAYLOAD_BYTES);

    /** Whether a frame that begins with this byte is a pong, whoever it answers. */
    static boolean isPong(byte first) {
        return (first & OPCODE) == (PONG & OPCODE);
    }

    /** A ping; what is sent to a server is masked (RFC 6455 section 5.3). */
    byte[] ping(boolean toServer) {
        byte @Nullable [] mask = toServer ? random(MASK_BYTES) : null;
        byte[] frame = new byte[2 + (mask == null ? 0 : MASK_BYTES) + PAYLOAD_BYTES];
        frame[0] = PING;
        frame[1] = (byte) (PAYLOAD_BYTES | (mask == null ? 0 : MASKED));
        int at = 2;
        if (mask != null) {
            System.arraycopy(mask, 0, frame, at, MASK_BYTES);
            at += MASK_BYTES;
        }
        for (int i = 0; i < PAYLOAD_BYTES; i++) {
            frame[at + i] = (byte) (payload[i] ^ (mask == null ? 0 : mask[i % MASK_BYTES]));
        }
        return frame;
    }

    /** Whether a whole frame is the pong to a ping of this one. */
    boolean isAnswer(byte[] frame) {
        boolean masked = frame.length > 1 && (frame[1] & MASKED) != 0;
        int start = 2 + (masked ? MASK_BYTES : 0);
        if (frame.length != start + PAYLOAD_BYTES || frame[0] != PONG || (frame[1] & LENGTH) != PAYLOAD_BYTES) {
            return false;
        }
        byte[] said = Arrays.copyOfRange(frame, start, frame.length);
        for (int i = 0; masked && i < PAYLOAD_BYTES; i++) {
            said[i] ^= frame[2 + i % MASK_BYTES];
        }
        return Arrays.equals(said, payload);
    }

    private static byte[] random(int bytes) {
        byte[] random = new byte[bytes];
        RANDOM.nextBytes(random);
        return random;
    }
}
