package marina.proxy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A frame of a WebSocket, as it is on the wire.
 *
 * @param opcode 1 text, 8 close, 9 ping, 10 pong
 * @param payload one character for each byte
 */
record Frame(int opcode, boolean masked, String payload) {
    static final int TEXT = 1;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    private static final byte[] MASK = {1, 2, 3, 4};

    static Frame read(Wire wire) throws IOException {
        byte[] start = wire.bytes(2);
        int length = start[1] & 0x7f;
        if (length == 126) {
            length = ByteBuffer.wrap(wire.bytes(2)).getShort() & 0xffff;
        } else if (length == 127) {
            length = (int) ByteBuffer.wrap(wire.bytes(8)).getLong();
        }
        boolean masked = (start[1] & 0x80) != 0;
        byte[] mask = masked ? wire.bytes(4) : new byte[4];
        byte[] payload = wire.bytes(length);
        for (int i = 0; i < length; i++) {
            payload[i] ^= mask[i % 4];
        }
        return new Frame(start[0] & 0x0f, masked, new String(payload, StandardCharsets.ISO_8859_1));
    }

    byte[] bytes() {
        byte[] payloadBytes = payload.getBytes(StandardCharsets.ISO_8859_1);
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        int bit = masked ? 0x80 : 0;
        frame.write(0x80 | opcode);
        if (payloadBytes.length < 126) {
            frame.write(bit | payloadBytes.length);
        } else if (payloadBytes.length < 65_536) {
            frame.write(bit | 126);
            frame.writeBytes(
                    ByteBuffer.allocate(2).putShort((short) payloadBytes.length).array());
        } else {
            frame.write(bit | 127);
            frame.writeBytes(ByteBuffer.allocate(8).putLong(payloadBytes.length).array());
        }
        if (masked) {
            frame.writeBytes(MASK);
        }
        for (int i = 0; i < payloadBytes.length; i++) {
            frame.write(payloadBytes[i] ^ (masked ? MASK[i % 4] : 0));
        }
        return frame.toByteArray();
    }
}
