package marina.process;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import marina.process.OutputSink.Channel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads one output of a process to its end, line by line, on a daemon thread of its own. */
final class OutputReader {
    private static final Logger LOG = LoggerFactory.getLogger(OutputReader.class);
    private static final int STACK_BYTES = 256 * 1024;

    private final InputStream stream;
    private final Channel channel;
    private final OutputSink sink;
    private final LastLines lastLines;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private boolean sinkFailed; // by the reading thread only

    OutputReader(InputStream stream, Channel channel, OutputSink sink, LastLines lastLines) {
        this.stream = stream;
        this.channel = channel;
        this.sink = sink;
        this.lastLines = lastLines;
    }

    /** Begins to read. */
    void start(String owner, long pid) {
        String name = "output " + owner + " " + pid + " " + (channel == Channel.OUT ? "stdout" : "stderr");
        Thread thread = new Thread(null, this::read, name, STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
    }

    /** Completes when the last writer has closed its end. */
    CompletableFuture<Void> done() {
        return done;
    }

    private void read() {
        LineSplitter splitter = new LineSplitter(this::deliver);
        byte[] buffer = new byte[LineSplitter.LIMIT];
        try (stream) {
            for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
                splitter.accept(buffer, count);
            }
        } catch (IOException e) {
            // The JDK closes the stream under us when the process ends while a descendant still holds the pipe.
            LOG.debug("{} ended: {}", Thread.currentThread().getName(), e.toString());
        } finally {
            splitter.finish();
            done.complete(null);
        }
    }

    private void deliver(String line) {
        lastLines.add(line);
        try {
            sink.line(channel, line);
        } catch (RuntimeException e) {
            // An output that nobody reads would block the process, so go on; say it once, not per line.
            if (!sinkFailed) {
                sinkFailed = true;
                LOG.warn(
                        "Lines of {} are lost: their sink failed",
                        Thread.currentThread().getName(),
                        e);
            }
        }
    }
}
