package marina.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A Machines API on a Unix socket that does what a test says. Thread-safe. */
public final class MachinesApi implements AutoCloseable {
    private static final String YES = "{\"ok\":true}";

    private final ServerSocketChannel server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final List<Call> starts = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Behaviour behaviour = call -> answer(200, YES);

    /** What the API does when it is asked; gives the answer. */
    @FunctionalInterface
    public interface Behaviour {
        /** Answers a call; may take its time. */
        String answer(Call call) throws Exception;
    }

    /**
     * One request.
     *
     * @param line method and target
     * @param host of its Host field
     * @param nanos when it came, by {@link System#nanoTime}
     */
    public record Call(String line, String host, long nanos) {}

    /** Listens at this path. */
    public MachinesApi(Path socket) {
        try {
            Files.createDirectories(socket.getParent());
            server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    /** From now on it does this. */
    public void does(Behaviour next) {
        behaviour = next;
    }

    /** From now on it says nothing. */
    public void saysNothing() {
        behaviour = call -> {
            closed.await();
            return "";
        };
    }

    /** An answer. */
    public static String answer(int status, String body) {
        return "HTTP/1.1 " + status + " Whatever\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                + "\r\nConnection: close\r\n\r\n" + body;
    }

    /** Calls to start, each of which it has answered with yes; they break off a suspend that is under way. */
    public List<Call> starts() {
        return starts;
    }

    /** What else it was asked, in order. */
    public List<Call> calls() {
        return calls;
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.shutdownNow();
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel client = server.accept();
                threads.execute(() -> serve(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            BufferedReader head = new BufferedReader(Channels.newReader(client, StandardCharsets.US_ASCII));
            String line = head.readLine();
            if (line == null) {
                return;
            }
            String host = "";
            for (String field = head.readLine(); field != null && !field.isEmpty(); field = head.readLine()) {
                host = field.startsWith("Host: ") ? field.substring(6) : host;
            }
            Call call = new Call(line.replace(" HTTP/1.1", ""), host, System.nanoTime());
            boolean start = call.line().endsWith("/start");
            (start ? starts : calls).add(call);
            String text = start ? answer(200, YES) : behaviour.answer(call);
            ByteBuffer answer = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
            while (answer.hasRemaining()) {
                client.write(answer);
            }
        } catch (Exception e) {
            // the other side has left, or the test is over
        }
    }
}
