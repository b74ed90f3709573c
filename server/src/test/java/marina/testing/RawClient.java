package marina.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A plain socket to a server, for what no client library would send. Reads time out after ten seconds. */
public final class RawClient implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\nContent-Length: (\\d+)\r\n");

    private final Socket socket;
    private final InputStream input;

    /** Connects. */
    public RawClient(URI server) {
        try {
            socket = new Socket(server.getHost(), server.getPort());
            socket.setSoTimeout(TIMEOUT_MILLIS);
            input = socket.getInputStream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends one request on a connection of its own and reads everything up to the end of the connection. */
    public static String exchange(URI server, String request) {
        try (RawClient client = new RawClient(server)) {
            return client.send(request).rest();
        }
    }

    /** Sends a request without a body on a connection of its own and reads all that comes, one character for each byte. */
    public static String exchange(URI server, String method, String target, String... fields) {
        String more = fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n";
        return exchange(
                server, method + " " + target + " HTTP/1.1\r\nHost: test\r\n" + more + "Connection: close\r\n\r\n");
    }

    /** The status of such an exchange. */
    public static int status(URI server, String method, String target, String... fields) {
        return status(exchange(server, method, target, fields));
    }

    /** GET of a target, spelt as given; the connection is closed after the answer. */
    public static String get(URI server, String target, String... fields) {
        String more = fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n";
        return exchange(server, "GET " + target + " HTTP/1.1\r\nHost: shop\r\n" + more + "Connection: close\r\n\r\n");
    }

    /** What comes, as it comes. */
    public InputStream input() {
        return input;
    }

    /** Sends bytes, one for each char. */
    public RawClient send(String text) {
        try {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (SocketException e) {
            return this; // it has closed; what it said before that can still be read
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** One answer with its head and its body, which must have a length. */
    public String answer() {
        StringBuilder all = new StringBuilder();
        try {
            while (all.indexOf("\r\n\r\n") < 0) {
                int next = input.read();
                if (next < 0) {
                    return all.toString();
                }
                all.append((char) next);
            }
            Matcher length = LENGTH.matcher(all);
            byte[] body = input.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
            return all.append(new String(body, StandardCharsets.ISO_8859_1)).toString();
        } catch (SocketException e) {
            return all.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything until the server closes; a reset is an end too. */
    public String rest() {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        try {
            input.transferTo(rest);
        } catch (SocketException e) {
            // the end as well
        } catch (IOException e) {
            throw new AssertionError("the server neither answered nor closed; so far: " + rest, e);
        }
        return rest.toString(StandardCharsets.ISO_8859_1);
    }

    /** The status of an answer, 0 when there was none. */
    public static int status(String answer) {
        return answer.startsWith("HTTP/1.1 ") ? Integer.parseInt(answer.substring(9, 12)) : 0;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
