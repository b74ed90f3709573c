package marina.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A backend on TCP or a Unix socket that answers one request after the other as a script says; each connection has a thread. */
final class AnsweringBackend implements AutoCloseable {

    /** Answers a request; none of them has a body. */
    @FunctionalInterface
    interface Script {
        /** Tells whether the connection is there for another request. */
        boolean answer(String head, Line line) throws IOException;
    }

    /** One connection. Only {@link #close} may be called by other threads. */
    static final class Line implements AutoCloseable {
        private final SocketChannel channel;
        private final int number;

        private Line(SocketChannel channel, int number) {
            this.channel = channel;
            this.number = number;
        }

        /** From 1 on. */
        int number() {
            return number;
        }

        void send(String text) throws IOException {
            ByteBuffer bytes = StandardCharsets.ISO_8859_1.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }

        /** Closes with a reset where the transport knows one. */
        void reset() throws IOException {
            if (channel.supportedOptions().contains(StandardSocketOptions.SO_LINGER)) {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
            channel.close();
        }

        /** The next head; empty when the other side has closed. */
        private String head() throws IOException {
            StringBuilder head = new StringBuilder();
            ByteBuffer one = ByteBuffer.allocate(1);
            while (head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
                if (channel.read(one.clear()) < 0) {
                    return "";
                }
                head.append((char) one.get(0));
            }
            return head.toString();
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private final ServerSocketChannel server;
    private final AtomicInteger connections = new AtomicInteger();
    private final Set<Line> open = ConcurrentHashMap.newKeySet();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    private AnsweringBackend(ServerSocketChannel server, SocketAddress address, Script script) throws IOException {
        this.server = server;
        server.bind(address, 200);
        start("answering-accept", () -> accept(script));
    }

    static AnsweringBackend onTcp(Script script) throws IOException {
        return new AnsweringBackend(
                ServerSocketChannel.open(), new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), script);
    }

    static AnsweringBackend onSocket(Path file, Script script) throws IOException {
        return new AnsweringBackend(
                ServerSocketChannel.open(StandardProtocolFamily.UNIX), UnixDomainSocketAddress.of(file), script);
    }

    ForwardTarget target() throws IOException {
        return ForwardTarget.to(
                server.getLocalAddress() instanceof InetSocketAddress address
                        ? Front.uri(address.getPort())
                        : URI.create("unix:" + server.getLocalAddress()));
    }

    int connections() {
        return connections.get();
    }

    /** Those that neither side has closed. */
    int open() {
        return open.size();
    }

    /** What scripts have thrown that was no broken connection. */
    Queue<Throwable> failures() {
        return failures;
    }

    private void accept(Script script) {
        try {
            while (true) {
                SocketChannel channel = server.accept();
                if (channel.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY)) {
                    channel.setOption(StandardSocketOptions.TCP_NODELAY, true); // pieces are to leave as they are
                }
                Line line = new Line(channel, connections.incrementAndGet());
                open.add(line);
                start("answering-" + line.number(), () -> serve(script, line));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Script script, Line line) {
        try (line) {
            String head = line.head();
            while (!head.isEmpty() && script.answer(head, line)) {
                head = line.head();
            }
        } catch (IOException e) {
            // The other side has closed, as it may; what clients see is what tests look at.
        } catch (Throwable e) {
            failures.add(e);
        } finally {
            open.remove(line);
        }
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        open.forEach(Line::close);
        Front.soon("the backend's threads end", open::isEmpty);
    }
}
