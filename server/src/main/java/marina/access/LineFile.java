package marina.access;

import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes lines on a thread of its own. Whoever logs only puts a line into a bounded queue, takes no lock and never waits; lines
 * that find it full, because the disk is slow, and those that the disk refuses, are dropped and counted. Thread-safe.
 */
public final class LineFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LineFile.class);
    private static final int MOST_WAITING = 64 * 1024;
    private static final int MOST_AT_ONCE = 1024;
    private static final long COLLECT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long REPORT_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long FLUSH_MILLIS = 5000;

    private final LineTarget target;
    private final int mostWaiting;
    private final Queue<String> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final Thread thread = new Thread(this::run, "marina-access");
    private volatile boolean asleep;
    private volatile boolean closing;
    private volatile boolean ended;
    private long reportedDrops; // this and what follows: of the thread
    private long reportedAt;
    private boolean broken;

    /** One that writes there, and is not running yet. */
    public LineFile(LineTarget target) {
        this(target, MOST_WAITING);
    }

    LineFile(LineTarget target, int mostWaiting) {
        this.target = target;
        this.mostWaiting = mostWaiting;
        thread.setDaemon(true);
    }

    /** Begins to write. */
    public void start() {
        thread.start();
    }

    /** Writes a line, without its end, when it is its turn. Never blocks. */
    public void offer(String line) {
        if (ended || waiting.get() >= mostWaiting) {
            dropped.incrementAndGet();
            return;
        }
        waiting.incrementAndGet();
        queue.add(line);
        if (ended) {
            dropRest(); // it came just too late
        } else if (asleep) {
            asleep = false;
            LockSupport.unpark(thread);
        }
    }

    private void dropRest() {
        while (queue.poll() != null) {
            waiting.decrementAndGet();
            dropped.incrementAndGet();
        }
    }

    /** Lines in the queue, and those that are being written. */
    public int waiting() {
        return waiting.get();
    }

    /** Lines since the start. */
    public long written() {
        return written.get();
    }

    /** Lines since the start that nobody can read any more. */
    public long dropped() {
        return dropped.get();
    }

    private void run() {
        while (!closing || !queue.isEmpty()) {
            int count = Math.min(MOST_AT_ONCE, waiting.get());
            if (count > 0) {
                if (!write(count) && !closing) {
                    LockSupport.parkNanos(RETRY_NANOS);
                }
            } else {
                rest();
            }
            reportDrops();
        }
        target.close();
        ended = true;
        dropRest();
    }

    /** False when lines have been dropped. */
    private boolean write(int most) {
        int count = 0;
        try {
            for (String line = queue.poll(); line != null; line = count < most ? queue.poll() : null) {
                count++;
                target.add(line);
            }
            target.flush();
            written.addAndGet(count);
            if (broken) {
                broken = false;
                LOG.info("The access log can be written again: {}", target.name());
            }
            return true;
        } catch (IOException | RuntimeException | OutOfMemoryError e) { // the writer goes on, whatever one batch meets
            dropped.addAndGet(count);
            if (!broken) {
                broken = true;
                LOG.error(
                        "The access log cannot be written, its lines are dropped until it can be: {}: {}",
                        target.name(),
                        e.toString());
            }
            return false;
        } finally {
            waiting.addAndGet(-count); // once: each line's would take the number from whoever logs meanwhile
        }
    }

    private void rest() {
        LockSupport.parkNanos(COLLECT_NANOS);
        if (!queue.isEmpty() || closing) {
            return;
        }
        asleep = true;
        if (queue.isEmpty() && !closing) { // one that came before is seen here, one that comes later wakes us
            LockSupport.parkNanos(REPORT_NANOS);
        }
        asleep = false;
    }

    private void reportDrops() {
        long all = dropped.get();
        long now = System.nanoTime();
        if (all > reportedDrops && !broken && (reportedDrops == 0 || now - reportedAt > REPORT_NANOS)) {
            LOG.warn("Lines of the access log that were dropped since the last report: {}", all - reportedDrops);
            reportedDrops = all;
            reportedAt = now;
        }
    }

    /** Writes what waits, but takes five seconds at most, and ends. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        try {
            thread.join(FLUSH_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
