package marina.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** A proxy in front of a server through which streams of events do not come. Each connection carries one request. */
public final class StreamlessProxy implements AutoCloseable {
    private static final List<String> STREAMS = List.of("/events", "/logs/stream");

    private final ServerSocket listener;
    private final URI server;
    private final Kind kind;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final CountDownLatch over = new CountDownLatch(1);

    /** What it does with streams. */
    public enum Kind {
        /** Answers 403. */
        REFUSES,
        /** Answers with the head, and holds back what follows. */
        BUFFERS
    }

    /** Listens on loopback in front of a server. */
    public StreamlessProxy(URI server, Kind kind) {
        try {
            this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.server = server;
        this.kind = kind;
        daemon(this::accept);
    }

    /** Where it listens. */
    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort() + path);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                open.add(client);
                daemon(() -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            String head = head(client.getInputStream());
            String path = head.isEmpty() ? "" : head.split(" ", 3)[1];
            if (STREAMS.stream().anyMatch(stream -> path.startsWith("/api/v1" + stream))) {
                noStream(client);
            } else if (!head.isEmpty()) {
                pass(client, head);
            }
        } catch (IOException e) {
            // one of the two has gone
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(client);
        }
    }

    private void noStream(Socket client) throws IOException, InterruptedException {
        String answer = kind == Kind.REFUSES
                ? "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                : "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";
        client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        if (kind == Kind.BUFFERS) {
            over.await();
        }
    }

    private void pass(Socket client, String head) throws IOException {
        try (Socket backend = new Socket(server.getHost(), server.getPort())) {
            open.add(backend);
            backend.getOutputStream()
                    .write(head.replaceFirst("(?i)\r\nconnection: [^\r]*", "\r\nConnection: close")
                            .getBytes(StandardCharsets.ISO_8859_1));
            daemon(() -> {
                try {
                    client.getInputStream().transferTo(backend.getOutputStream());
                } catch (IOException e) {
                    // the answer is complete
                }
            });
            backend.getInputStream().transferTo(client.getOutputStream());
            open.remove(backend);
        }
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
            head.write(next);
            if (next == '\n' && head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                return head.toString(StandardCharsets.ISO_8859_1);
            }
        }
        return "";
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "streamless-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        over.countDown();
        try {
            listener.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
