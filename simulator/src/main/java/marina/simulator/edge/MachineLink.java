package marina.simulator.edge;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import marina.simulator.machine.Machine;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/**
 * A connection to a machine for one request, HTTP/1.1. Blocking; a sender and a reader may use it at the same time. Its
 * request counts as load of the machine until it is closed.
 */
final class MachineLink implements Closeable {

    private static final int CONNECT_MILLIS = 2_000;
    private static final int MOST_HEAD = 256 * 1024;

    private final Machine machine;
    private final Socket socket;
    private final InputStream input;
    private final OutputStream output;
    private final AtomicBoolean closed = new AtomicBoolean();

    private MachineLink(Machine machine, Socket socket) throws IOException {
        this.machine = machine;
        this.socket = socket;
        this.input = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
        this.output = socket.getOutputStream();
    }

    /**
     * Connects. The caller has entered the machine; the link leaves it.
     *
     * @throws IOException when nobody listens; the machine has been left
     */
    static MachineLink to(Machine machine, int port) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(machine.address(), port), CONNECT_MILLIS);
            socket.setTcpNoDelay(true);
            return new MachineLink(machine, socket);
        } catch (IOException e) {
            machine.load().leave();
            socket.close();
            throw e;
        }
    }

    Machine machine() {
        return machine;
    }

    OutputStream output() {
        return output;
    }

    InputStream input() {
        return input;
    }

    void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** The final answer's head; interim ones are dropped, except 101. */
    AnswerHead readHead() throws IOException {
        while (true) {
            int[] budget = {MOST_HEAD};
            String[] start = line(budget).split(" ", 3);
            if (start.length < 2 || !start[0].startsWith("HTTP/1.") || !start[1].matches("[1-5]\\d\\d")) {
                throw new IOException("no answer of HTTP/1.1: " + String.join(" ", start));
            }
            HttpFields.Mutable fields = HttpFields.build();
            for (String line = line(budget); !line.isEmpty(); line = line(budget)) {
                int colon = line.indexOf(':');
                if (colon < 1) {
                    throw new IOException("no field: " + line);
                }
                fields.add(line.substring(0, colon), line.substring(colon + 1).strip());
            }
            int status = Integer.parseInt(start[1]);
            if (status >= 200 || status == 101) {
                return new AnswerHead(status, fields);
            }
        }
    }

    /** The body of an answer, without its framing; ends early with an exception. */
    InputStream body(AnswerHead head, String method) throws IOException {
        if (!head.hasBody(method)) {
            return InputStream.nullInputStream();
        }
        if (head.chunked()) {
            return new ChunkedInput(input);
        }
        String length = head.fields().get(HttpHeader.CONTENT_LENGTH);
        return length == null ? input : new LimitedInput(input, Long.parseLong(length.strip()));
    }

    private String line(int[] budget) throws IOException {
        return readLine(input, budget);
    }

    /** A line up to CR LF, or LF. */
    static String readLine(InputStream input, int[] budget) throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int next = input.read();
            if (next < 0) {
                throw new EOFException("the connection ended early");
            }
            if (--budget[0] < 0) {
                throw new IOException("the head is too long");
            }
            if (next == '\n') {
                int end = line.length();
                return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
            }
            line.append((char) next);
        }
    }

    void send(String head) throws IOException {
        output.write(head.getBytes(StandardCharsets.ISO_8859_1));
        output.flush();
    }

    @Override
    public void close() throws IOException {
        if (closed.compareAndSet(false, true)) {
            machine.load().leave();
            socket.close();
        }
    }
}
