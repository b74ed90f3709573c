package marina.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Requests that no well-behaved client sends: the target is written as it stands. */
public final class RawClient {
    private static final int TIMEOUT_MILLIS = 10_000;

    private RawClient() {}

    /** Sends a request on a connection of its own and reads all that comes, one character for each byte. */
    public static String exchange(URI server, String method, String target, String... fields) {
        StringBuilder request =
                new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: test\r\nConnection: close\r\n");
        for (String field : fields) {
            request.append(field).append("\r\n");
        }
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The status of such an exchange. */
    public static int status(URI server, String method, String target, String... fields) {
        String answer = exchange(server, method, target, fields);
        return answer.length() < 12 ? 0 : Integer.parseInt(answer.substring(9, 12));
    }
}
