package marina.vector;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends lines over a Unix socket. Whoever logs only puts a line into a bounded queue and never waits; a thread of its own
 * connects, writes, and connects again. While nobody reads, lines wait, and those that find the queue full are dropped and
 * counted. Thread-safe.
 */
public final class LineShipper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LineShipper.class);
    private static final long MOST_BYTES = 16L << 20;
    private static final long RETRY_MILLIS = 500;
    private static final long REPORT_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long FLUSH_MILLIS = 2000;

    private final Path socket;
    private final BlockingQueue<byte[]> queue;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "marina-vector");
    private volatile @Nullable SocketChannel channel;
    private long reportedDrops; // this and what follows: of the thread
    private long reportedAt;
    private boolean reportedDown;

    /**
     * One that is not running yet.
     *
     * @param queue how many lines may wait
     */
    public LineShipper(Path socket, int queue) {
        this.socket = socket;
        this.queue = new ArrayBlockingQueue<>(queue);
        thread.setDaemon(true);
    }

    /** Begins to send. */
    public void start() {
        thread.start();
    }

    /** Removes the socket that a killed Vector has left, in whose place the next one could not listen. */
    public static void removeLeftover(Path socket) {
        if (!isSocket(socket) || isServed(socket)) {
            return;
        }
        try {
            Files.deleteIfExists(socket);
            LOG.info("Removed {}, which a former Vector has left", socket);
        } catch (IOException e) {
            LOG.warn("{} is left of a former Vector and cannot be removed: {}; remove it", socket, e.toString());
        }
    }

    private static boolean isSocket(Path file) {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).isOther();
        } catch (IOException e) {
            return false; // there is none
        }
    }

    private static boolean isServed(Path socket) {
        try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return probe.isConnected();
        } catch (ConnectException e) {
            return false;
        } catch (IOException e) {
            return true; // perhaps it is, and not for us
        }
    }

    /** Sends a line, without its end, when it is its turn; drops it when too many wait. Never blocks. */
    public void offer(String line) {
        byte[] entry = (line + "\n").getBytes(StandardCharsets.UTF_8);
        if (bytes.addAndGet(entry.length) > MOST_BYTES || !queue.offer(entry)) {
            bytes.addAndGet(-entry.length);
            dropped.incrementAndGet();
        }
    }

    /** How it goes. */
    public ShippingStatus status() {
        return new ShippingStatus(channel != null, queue.size(), sent.get(), dropped.get());
    }

    private void run() {
        try {
            byte[] next = null;
            while (closing.getCount() > 0 || next != null || !queue.isEmpty()) {
                if (next == null) {
                    next = queue.poll(RETRY_MILLIS, TimeUnit.MILLISECONDS);
                }
                if (next != null && write(next)) {
                    bytes.addAndGet(-next.length);
                    sent.incrementAndGet();
                    next = null;
                }
                reportDrops();
            }
        } catch (InterruptedException e) {
            LOG.debug("Lines that Vector has not read are given up");
        } finally {
            disconnect();
        }
    }

    /** False when it has to be tried again, after a while. */
    private boolean write(byte[] line) throws InterruptedException {
        try {
            SocketChannel open = connect();
            ByteBuffer rest = ByteBuffer.wrap(line);
            while (rest.hasRemaining()) {
                open.write(rest);
            }
            return true;
        } catch (IOException e) {
            disconnect();
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedException();
            }
            if (!reportedDown) {
                reportedDown = true;
                LOG.warn(
                        "Log lines do not reach {}: {}; up to {} wait, then they are lost, until it is there",
                        socket,
                        e.getMessage(),
                        queue.remainingCapacity() + queue.size());
            }
            boolean unused = closing.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
            if (closing.getCount() == 0) {
                throw new InterruptedException();
            }
            return false;
        }
    }

    private SocketChannel connect() throws IOException {
        SocketChannel open = channel;
        if (open == null) {
            open = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                open.connect(UnixDomainSocketAddress.of(socket));
            } catch (IOException e) {
                open.close();
                throw e;
            }
            channel = open;
            if (reportedDown) {
                reportedDown = false;
                LOG.info("Log lines reach {} again", socket);
            }
        }
        return open;
    }

    private void disconnect() {
        SocketChannel open = channel;
        channel = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.debug("The connection to {} was not closed cleanly", socket, e);
            }
        }
    }

    private void reportDrops() {
        long all = dropped.get();
        long now = System.nanoTime();
        if (all > reportedDrops && (reportedDrops == 0 || now - reportedAt > REPORT_NANOS)) {
            LOG.warn(
                    "{} does not take log lines fast enough; lost since the last report: {}",
                    socket,
                    all - reportedDrops);
            reportedDrops = all;
            reportedAt = now;
        }
    }

    /** Sends what waits, but takes two seconds at most, and ends. */
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join(FLUSH_MILLIS);
            thread.interrupt(); // which closes a socket that nobody reads
            thread.join(FLUSH_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
