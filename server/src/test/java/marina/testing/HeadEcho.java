package marina.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A backend that answers each request with its name and, byte for byte, the head that it got. Bodies stay unread. */
public final class HeadEcho implements AutoCloseable {
    private final String name;
    private final ServerSocket server;
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private final List<String> heads = new CopyOnWriteArrayList<>();

    /** Listens at once. */
    public HeadEcho(String name) throws IOException {
        this.name = name;
        server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        daemon(this::accept);
    }

    /** {@code http://127.0.0.1:port}. */
    public String url() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    /** All heads that it has got. */
    public List<String> heads() {
        return heads;
    }

    private void daemon(Runnable task) {
        Thread thread = new Thread(task, "head-echo-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket connection = server.accept();
                connections.add(connection);
                daemon(() -> serve(connection));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            InputStream input = new BufferedInputStream(connection.getInputStream());
            for (String head = head(input); !head.isEmpty(); head = head(input)) {
                heads.add(head);
                String body = name + "\n" + head;
                boolean more = !head.toLowerCase(java.util.Locale.ENGLISH).contains("transfer-encoding")
                        && !head.toLowerCase(java.util.Locale.ENGLISH).contains("content-length");
                String answer = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + body.length()
                        + (more ? "" : "\r\nConnection: close") + "\r\n\r\n" + (head.startsWith("HEAD") ? "" : body);
                connection.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                if (!more) {
                    return;
                }
            }
        } catch (IOException e) {
            // the other side has gone, which is its good right
        }
    }

    /** Up to the empty line, which is part of it; empty when the other side has gone. */
    static String head(InputStream input) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = input.read();
            if (next < 0) {
                return "";
            }
            head.append((char) next);
        }
        return head.toString();
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket connection : connections) {
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
