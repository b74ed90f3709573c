package marina.admin;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.eclipse.jetty.util.ajax.JSON;

/**
 * Speaks to a running Marina through its control socket. A raw socket instead of an HTTP client, because a command line
 * should answer at once and HTTP/1.0 needs no client.
 */
final class ControlClient {
    private final Path socket;

    ControlClient(Path socket) {
        this.socket = socket;
    }

    /**
     * What Marina answered.
     *
     * @param status HTTP status
     * @param json the parsed body
     */
    record Answer(int status, Object json) {}

    /**
     * One command.
     *
     * @param target path and query
     * @throws IOException when nothing listens at the socket
     */
    Answer send(String method, String target) throws IOException {
        String request = method + " " + target + " HTTP/1.0\r\nHost: control\r\nContent-Length: 0\r\n\r\n";
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            ByteBuffer out = ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
            while (out.hasRemaining()) {
                channel.write(out);
            }
            return parse(readAll(channel));
        }
    }

    private static String readAll(SocketChannel channel) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);
        while (channel.read(buffer) >= 0) {
            bytes.write(buffer.array(), 0, buffer.position());
            buffer.clear();
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static Answer parse(String response) throws IOException {
        int body = response.indexOf("\r\n\r\n");
        if (!response.startsWith("HTTP/1.") || body < 0) {
            throw new IOException("the answer on the control socket is not one of Marina's");
        }
        int status = Integer.parseInt(response.substring(9, 12));
        return new Answer(status, new JSON().fromJSON(response.substring(body + 4)));
    }
}
