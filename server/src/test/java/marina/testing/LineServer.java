package marina.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Stands in for Vector: takes lines from a Unix socket. */
public final class LineServer implements AutoCloseable {
    private final Path path;
    private final ServerSocketChannel server;
    private final boolean reads;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final List<SocketChannel> open = new CopyOnWriteArrayList<>();

    private LineServer(Path path, boolean reads) {
        this.path = path;
        this.reads = reads;
        try {
            server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon(this::accept);
    }

    /** Listens and reads. */
    public static LineServer at(Path path) {
        return new LineServer(path, true);
    }

    /** Listens, accepts and never reads. */
    public static LineServer stuckAt(Path path) {
        return new LineServer(path, false);
    }

    /** The next line that is like this; others before it are passed over. */
    public String next(Predicate<String> like) {
        try {
            for (int i = 0; i < 10_000; i++) {
                String line = lines.poll(20, TimeUnit.SECONDS);
                assertThat(line).as("a line within twenty seconds").isNotNull();
                if (like.test(String.valueOf(line))) {
                    return String.valueOf(line);
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting for a line", e);
        }
        throw new AssertionError("no such line");
    }

    private void accept() {
        try {
            while (server.isOpen()) {
                SocketChannel one = server.accept();
                open.add(one);
                if (reads) {
                    daemon(() -> read(one));
                }
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void read(SocketChannel one) {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(Channels.newInputStream(one), StandardCharsets.UTF_8))) {
            reader.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException e) {
            // closed
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "line-server");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            server.close();
            for (SocketChannel one : open) {
                one.close();
            }
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
