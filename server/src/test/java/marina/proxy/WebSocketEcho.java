package marina.proxy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A backend that speaks just enough of RFC 6455 to echo; the words {@code headers}, {@code close} and {@code die} make
 * it say what it was asked, close with 4321, and break off.
 */
final class WebSocketEcho {

    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final Pattern KEY = Pattern.compile("(?im)^sec-websocket-key: *(\\S+)");
    private static final int TEXT = 1;
    private static final int CLOSE = 8;

    private WebSocketEcho() {}

    static ScriptedBackend backend() throws IOException {
        return ScriptedBackend.serving((wire, connection) -> serve(wire));
    }

    private static void serve(Wire wire) throws Exception {
        String head = wire.head();
        wire.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n");
        wire.send("Sec-WebSocket-Accept: " + accept(head) + "\r\n");
        wire.send("Sec-WebSocket-Protocol: a\r\n\r\n");
        while (true) {
            byte[] start = wire.bytes(2);
            int opcode = start[0] & 0x0f;
            byte[] payload = payload(wire, start[1] & 0x7f);
            String text = new String(payload, StandardCharsets.UTF_8);
            if (opcode == CLOSE) {
                frame(wire, CLOSE, true, payload);
                return;
            } else if (opcode == TEXT && text.equals("die")) {
                wire.reset();
                return;
            } else if (opcode == TEXT && text.equals("close")) {
                frame(wire, CLOSE, true, closing(4321, "enough"));
            } else if (opcode == TEXT && text.equals("headers")) {
                frame(wire, TEXT, true, head.getBytes(StandardCharsets.UTF_8));
            } else {
                frame(wire, opcode, (start[0] & 0x80) != 0, payload);
            }
        }
    }

    private static byte[] payload(Wire wire, int shortLength) throws IOException {
        int length = shortLength;
        if (shortLength == 126) {
            length = ByteBuffer.wrap(wire.bytes(2)).getShort() & 0xffff;
        } else if (shortLength == 127) {
            length = (int) ByteBuffer.wrap(wire.bytes(8)).getLong();
        }
        byte[] mask = wire.bytes(4);
        byte[] payload = wire.bytes(length);
        for (int i = 0; i < length; i++) {
            payload[i] ^= mask[i % 4];
        }
        return payload;
    }

    private static void frame(Wire wire, int opcode, boolean last, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 10);
        frame.put((byte) (opcode | (last ? 0x80 : 0)));
        if (payload.length < 126) {
            frame.put((byte) payload.length);
        } else if (payload.length < 65536) {
            frame.put((byte) 126).putShort((short) payload.length);
        } else {
            frame.put((byte) 127).putLong(payload.length);
        }
        frame.put(payload).flip();
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        wire.send(bytes);
    }

    private static byte[] closing(int code, String reason) {
        byte[] words = reason.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(2 + words.length)
                .putShort((short) code)
                .put(words)
                .array();
    }

    private static String accept(String head) throws GeneralSecurityException {
        Matcher key = KEY.matcher(head);
        if (!key.find()) {
            throw new IllegalArgumentException("no key in " + head);
        }
        byte[] digest =
                MessageDigest.getInstance("SHA-1").digest((key.group(1) + MAGIC).getBytes(StandardCharsets.US_ASCII));
        return Base64.getEncoder().encodeToString(digest);
    }
}
