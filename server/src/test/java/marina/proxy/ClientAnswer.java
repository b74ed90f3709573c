package marina.proxy;

import java.io.IOException;
import java.net.SocketException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a client gets for a request, and whether it could take it for the whole answer (RFC 9112, section 8).
 *
 * @param status of the final answer; 0 when none came
 * @param interim heads of the answers before it
 * @param head of the final answer
 * @param body without its chunks
 * @param trailers as they came
 * @param complete false when the connection ended before the answer did
 */
record ClientAnswer(int status, String interim, String head, String body, String trailers, boolean complete) {
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) .*\r\n");
    private static final Pattern LENGTH = Pattern.compile("\r\ncontent-length: (\\d+)\r\n");

    /** Reads the answer to a request; {@code toHead} when it was HEAD. */
    static ClientAnswer read(Wire wire, boolean toHead) throws IOException {
        StringBuilder interim = new StringBuilder();
        String head = "";
        StringBuilder body = new StringBuilder();
        StringBuilder trailers = new StringBuilder();
        boolean complete = false;
        try {
            head = wire.head();
            while (status(head) / 100 == 1) {
                interim.append(head);
                head = wire.head();
            }
            complete = head.endsWith("\r\n\r\n") && rest(wire, head, toHead, body, trailers);
        } catch (SocketException e) {
            // A reset: as incomplete as an early end.
        }
        return new ClientAnswer(status(head), interim.toString(), head, body.toString(), trailers.toString(), complete);
    }

    private static boolean rest(Wire wire, String head, boolean toHead, StringBuilder body, StringBuilder trailers)
            throws IOException {
        int status = status(head);
        if (toHead || status == 204 || status == 304) {
            return true;
        }
        String fields = head.toLowerCase(Locale.ROOT);
        Matcher length = LENGTH.matcher(fields);
        if (fields.contains("\r\ntransfer-encoding: chunked\r\n")) {
            if (length.find()) {
                throw new AssertionError("an answer with two lengths: " + head);
            }
            return chunks(wire, body, trailers);
        }
        if (length.find()) {
            int expected = Integer.parseInt(length.group(1));
            body.append(wire.read(expected));
            return body.length() == expected;
        }
        body.append(wire.rest());
        return true; // up to the end, as clients of HTTP/1.1 must take it
    }

    private static boolean chunks(Wire wire, StringBuilder body, StringBuilder trailers) throws IOException {
        while (true) {
            String line = line(wire);
            if (!line.endsWith("\r\n")) {
                return false;
            }
            int size = Integer.parseInt(line.trim(), 16);
            if (size == 0) {
                return trailers(wire, trailers);
            }
            String chunk = wire.read(size + 2);
            body.append(chunk, 0, Math.min(size, chunk.length()));
            if (chunk.length() < size + 2) {
                return false;
            }
        }
    }

    private static boolean trailers(Wire wire, StringBuilder trailers) throws IOException {
        String line = line(wire);
        while (line.endsWith("\r\n") && !line.equals("\r\n")) {
            trailers.append(line);
            line = line(wire);
        }
        return line.equals("\r\n");
    }

    private static String line(Wire wire) throws IOException {
        StringBuilder line = new StringBuilder();
        String next = wire.read(1);
        while (!next.isEmpty() && !next.equals("\n")) {
            line.append(next);
            next = wire.read(1);
        }
        return line.append(next).toString();
    }

    private static int status(String head) {
        Matcher matcher = STATUS.matcher(head);
        return matcher.lookingAt() ? Integer.parseInt(matcher.group(1)) : 0;
    }
}
