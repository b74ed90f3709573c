package marina.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A player of the example game server that asks for much and, after the handshake, reads nothing at all. */
final class Sleeper implements AutoCloseable {
    private static final byte[] QUESTION = frame("beat " + "z".repeat(1_000));

    private final Socket socket = new Socket();

    Sleeper(URI arena) throws IOException {
        socket.setReceiveBufferSize(2_048);
        socket.connect(new InetSocketAddress(arena.getHost(), arena.getPort()));
        String handshake =
                """
                GET %slive HTTP/1.1\r
                Host: %s\r
                Upgrade: websocket\r
                Connection: Upgrade\r
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                Sec-WebSocket-Version: 13\r
                \r
                """
                        .formatted(arena.getPath(), arena.getAuthority());
        socket.getOutputStream().write(handshake.getBytes(StandardCharsets.US_ASCII));
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            assertThat(next).as(head.toString()).isNotNegative();
            head.append((char) next);
        }
        assertThat(head).startsWith("HTTP/1.1 101");
    }

    /** Asks for a kilobyte. */
    void ask() {
        try {
            socket.getOutputStream().write(QUESTION);
        } catch (IOException e) {
            // It has been given up.
        }
    }

    /** A text frame as clients send it, RFC 6455 section 5.2, with a mask of zeros. */
    private static byte[] frame(String text) {
        byte[] payload = text.getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(0x81);
        frame.write(0x80 | 126);
        frame.write(payload.length >> 8);
        frame.write(payload.length);
        frame.writeBytes(new byte[4]);
        frame.writeBytes(payload);
        return frame.toByteArray();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
