package marina.context;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import marina.process.OutputSink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the application of one context prints, line by line with the time and the stream, into a file of its own that is
 * rotated by size. What cannot be written, because the disk is full or the folder is not writable, is dropped and
 * counted; every second it is tried again. Thread-safe.
 */
final class ContextLog implements OutputSink, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ContextLog.class);
    private static final long MAX_BYTES = 10L << 20;
    private static final int KEPT_FILES = 3;
    private static final long RETRY_NANOS = Duration.ofSeconds(1).toNanos();
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");

    private final Path file;
    private final RotatedFile lines; // guarded by this
    private long dropped; // guarded by this; since the last line that was written
    private long retryAt; // guarded by this; while lines are being dropped

    /** A log that opens its file with the first line. */
    ContextLog(Path file) {
        this.file = file;
        this.lines = new RotatedFile(file, MAX_BYTES, KEPT_FILES);
    }

    @Override
    public void line(Channel channel, String line) {
        String entry = entry(channel == Channel.ERR ? "err" : "out", line);
        String report = write(entry);
        if (!report.isEmpty()) {
            LOG.warn(report);
        }
    }

    /** Closes the file; a later line opens it again. */
    @Override
    public synchronized void close() {
        try {
            lines.close();
        } catch (IOException e) {
            LOG.debug("{} was not closed cleanly: {}", file, e.toString());
        }
    }

    /** Writes or drops an entry; what is to be told about that, mostly nothing. */
    private synchronized String write(String entry) {
        if (dropped > 0 && System.nanoTime() - retryAt < 0) {
            dropped++;
            return "";
        }
        long missing = dropped;
        try {
            if (missing > 0) {
                lines.write(bytes(entry("log", missing + " lines are missing here: they could not be written")));
                dropped = 0;
            }
            lines.write(bytes(entry));
            return missing > 0 ? file + " is written again; lines that were lost: " + missing : "";
        } catch (IOException e) {
            boolean news = missing == 0;
            dropped++;
            retryAt = System.nanoTime() + RETRY_NANOS;
            return news
                    ? "Lines are lost: " + file + " cannot be written: " + e.getMessage()
                            + "; it goes on by itself when it can"
                    : "";
        }
    }

    private static String entry(String stream, String line) {
        return LocalDateTime.now(ZoneId.systemDefault()).format(TIME) + " " + stream + " " + line + "\n";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
