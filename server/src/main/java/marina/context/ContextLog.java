package marina.context;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.encoder.EncoderBase;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import marina.process.OutputSink;
import org.jspecify.annotations.Nullable;

/**
 * What the application of one context prints, line by line, into a file of its own that is rotated by size. A disk that
 * is full harms nothing but this log. Thread-safe.
 */
final class ContextLog implements OutputSink, AutoCloseable {
    private static final FileSize MAX_SIZE = FileSize.valueOf("10MB");
    private static final int KEPT_FILES = 3;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");

    private final LoggerContext context;
    private final Path file;
    private @Nullable RollingFileAppender<String> appender; // guarded by this; open from the first line on

    /**
     * A log that opens its file with the first line.
     *
     * @param context whose status listeners hear of write errors
     */
    ContextLog(LoggerContext context, Path file) {
        this.context = context;
        this.file = file;
    }

    @Override
    public synchronized void line(Channel channel, String line) {
        RollingFileAppender<String> open = appender;
        if (open == null) {
            open = open();
            appender = open;
        }
        open.doAppend(ZonedDateTime.now(ZoneId.systemDefault()).format(TIME)
                + (channel == Channel.ERR ? " err " : " out ")
                + line);
    }

    /** Closes the file; a later line opens it again. */
    @Override
    public synchronized void close() {
        if (appender != null) {
            appender.stop();
            appender = null;
        }
    }

    private RollingFileAppender<String> open() {
        RollingFileAppender<String> opened = new RollingFileAppender<>();
        opened.setContext(context);
        opened.setName(file.toString());
        opened.setFile(file.toString());
        LineEncoder encoder = new LineEncoder();
        encoder.setContext(context);
        encoder.start();
        opened.setEncoder(encoder);
        FixedWindowRollingPolicy rolling = new FixedWindowRollingPolicy();
        rolling.setContext(context);
        rolling.setParent(opened);
        rolling.setFileNamePattern(file + ".%i");
        rolling.setMinIndex(1);
        rolling.setMaxIndex(KEPT_FILES);
        rolling.start();
        SizeBasedTriggeringPolicy<String> trigger = new SizeBasedTriggeringPolicy<>();
        trigger.setContext(context);
        trigger.setMaxFileSize(MAX_SIZE);
        trigger.start();
        opened.setRollingPolicy(rolling);
        opened.setTriggeringPolicy(trigger);
        opened.start();
        return opened;
    }

    /** A line as it is, with a line end. */
    private static final class LineEncoder extends EncoderBase<String> {
        @Override
        public byte[] headerBytes() {
            return new byte[0];
        }

        @Override
        public byte[] encode(String line) {
            return (line + "\n").getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public byte[] footerBytes() {
            return new byte[0];
        }
    }
}
