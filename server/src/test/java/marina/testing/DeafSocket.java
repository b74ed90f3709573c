package marina.testing;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A page on a cable that subscribes and then does not read, until it is asked to. */
public final class DeafSocket implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;
    private static final int LENGTH_OF_16_BITS = 126;
    private static final int LENGTH_OF_64_BITS = 127;

    private final Socket socket = new Socket();
    private final DataInputStream in;

    /** Opens {@code /cable} and subscribes. */
    public DeafSocket(URI server, String stream) throws IOException {
        socket.setReceiveBufferSize(4096);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(new InetSocketAddress(server.getHost(), server.getPort()));
        in = new DataInputStream(socket.getInputStream());
        socket.getOutputStream().write(handshake().getBytes(StandardCharsets.UTF_8));
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readByte());
        }
        byte[] message = ("{\"type\":\"subscribe\",\"stream\":\"" + stream + "\"}").getBytes(StandardCharsets.UTF_8);
        ByteBuffer frame = ByteBuffer.allocate(6 + message.length);
        frame.put((byte) 0x81).put((byte) (0x80 | message.length)).putInt(0).put(message);
        socket.getOutputStream().write(frame.array());
    }

    /**
     * The request for a socket at {@code /cable}.
     *
     * @param fields what else is in it
     */
    public static String handshake(String... fields) {
        StringBuilder request = new StringBuilder("GET /cable HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\n")
                .append("Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n")
                .append("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
        for (String field : fields) {
            request.append(field).append("\r\n");
        }
        return request.append("\r\n").toString();
    }

    /** Reads one message. */
    public String read() throws IOException {
        StringBuilder message = new StringBuilder();
        boolean last = false;
        while (!last) {
            int first = in.readUnsignedByte();
            last = (first & 0x80) != 0;
            int length = in.readUnsignedByte();
            if (length == LENGTH_OF_16_BITS) {
                length = in.readUnsignedShort();
            } else if (length == LENGTH_OF_64_BITS) {
                length = (int) in.readLong();
            }
            message.append(new String(in.readNBytes(length), StandardCharsets.UTF_8));
        }
        return message.toString();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
