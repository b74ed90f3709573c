package bench;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Single requests. */
final class Calls {
    private Calls() {}

    /** Has Marina do something by its control socket. */
    static void control(Path socket, String path) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            String request = "POST " + path + " HTTP/1.0\r\nHost: bench\r\nContent-Length: 0\r\n\r\n";
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            ByteBuffer answer = ByteBuffer.allocate(64 * 1024);
            while (channel.read(answer) >= 0 && answer.hasRemaining()) {}
            String text = new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
            if (!text.contains(" 200 ")) {
                throw new IOException(path + " answered: " + text);
            }
        }
    }

    static void require(String url) throws IOException {
        int status = status(url);
        if (status != 200) {
            throw new IOException(url + " answered " + status);
        }
    }

    static int status(String url) {
        try {
            HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
            connection.setReadTimeout(30_000);
            int status = connection.getResponseCode();
            (status < 400 ? connection.getInputStream() : connection.getErrorStream()).readAllBytes();
            return status;
        } catch (IOException | NullPointerException e) {
            return -1;
        }
    }
}
