package marina.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/** A backend that reads and says nothing but what it is told to say, and knows which connections have been closed. */
public final class SilentBackend implements AutoCloseable {
    private final ServerSocket server;
    private final List<Visit> visits = new CopyOnWriteArrayList<>();

    /** Listens at once. */
    public SilentBackend() throws IOException {
        server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        daemon(this::accept);
    }

    /** {@code http://127.0.0.1:port}. */
    public String url() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    /** All connections on which something was asked, in the order of their coming. */
    public List<Visit> visits() {
        return visits;
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "silent-backend");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Visit visit = new Visit(server.accept());
                visits.add(visit);
                daemon(visit::read);
            } catch (IOException e) {
                return;
            }
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Visit visit : visits) {
                visit.socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One connection. */
    public static final class Visit {
        private final Socket socket;
        private final List<String> heard = new CopyOnWriteArrayList<>();
        private volatile boolean closed;

        private Visit(Socket socket) {
            this.socket = socket;
        }

        /** All that has come. */
        public String heard() {
            return String.join("", heard);
        }

        /** How many heads have come. */
        public int requests() {
            return heard().toLowerCase(Locale.ENGLISH).split(" http/1\\.1\r\n", -1).length - 1;
        }

        /** Whether the other side has closed it. */
        public boolean isClosed() {
            return closed;
        }

        /** Says something. */
        public void say(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        private void read() {
            byte[] piece = new byte[64 * 1024];
            try {
                InputStream input = socket.getInputStream();
                for (int count = input.read(piece); count >= 0; count = input.read(piece)) {
                    heard.add(new String(piece, 0, count, StandardCharsets.ISO_8859_1));
                }
            } catch (IOException e) {
                // a reset is an end, too
            }
            closed = true;
        }
    }
}
