package marina.admin;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import marina.rest.Rest;
import org.eclipse.jetty.util.ajax.JSON;

/**
 * Speaks to a running Marina through its control socket. A raw socket instead of an HTTP client, because a command line
 * should answer at once and HTTP/1.0 needs no client.
 */
final class ControlClient {

    /** What Marina answers from memory comes at once, or it hangs. */
    static final Duration AT_ONCE = Duration.ofSeconds(5);

    /** A reload or a restart takes as long as the applications take. */
    static final Duration LONG = Duration.ofHours(1);

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
     * One command that is answered from memory.
     *
     * @param target path below {@link Rest#ROOT}, and query
     * @throws IOException when nothing listens at the socket, or nothing comes in time
     */
    Answer send(String method, String target) throws IOException {
        return send(method, target, AT_ONCE);
    }

    /** One command that may take up to {@code patience}. */
    Answer send(String method, String target, Duration patience) throws IOException {
        String request = method + " " + Rest.ROOT + target + " HTTP/1.0\r\nHost: control\r\nContent-Length: 0\r\n\r\n";
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            ByteBuffer out = ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
            while (out.hasRemaining()) {
                channel.write(out); // fits into the socket's buffer, whether somebody reads it or not
            }
            return parse(readAll(channel, patience));
        }
    }

    /** Sends a file with PUT. When Marina refuses it before it has taken all of it, that is the answer. */
    Answer upload(String target, Path file) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                FileChannel content = FileChannel.open(file)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            long size = content.size();
            String head =
                    "PUT " + Rest.ROOT + target + " HTTP/1.0\r\nHost: control\r\nContent-Length: " + size + "\r\n\r\n";
            channel.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
            try {
                for (long sent = 0; sent < size; ) {
                    sent += content.transferTo(sent, size - sent, channel);
                }
            } catch (IOException e) {
                return parse(readAll(channel, AT_ONCE));
            }
            return parse(readAll(channel, LONG));
        }
    }

    private static String readAll(SocketChannel channel, Duration patience) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);
        channel.configureBlocking(false);
        try (Selector selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_READ);
            while (selector.select(patience.toMillis()) > 0) {
                selector.selectedKeys().clear();
                if (channel.read(buffer) < 0) {
                    return bytes.toString(StandardCharsets.UTF_8);
                }
                bytes.write(buffer.array(), 0, buffer.position());
                buffer.clear();
            }
        }
        throw new IOException("Marina does not answer on its control socket within " + patience.toSeconds()
                + " s; look at its log, or end it with \"shutdown.sh 1 -force\"");
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
