package marina.process;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pipe of the operating system whose ends have names, so that a process can get one and a stream of ours the other. The pipes
 * that the JDK makes for a process cannot be waited for with a limit, nor closed while somebody waits. For one thread.
 */
final class SystemPipe implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(SystemPipe.class);
    private static final Path NAMES = Path.of("/dev/fd");
    private static final Optional<LibC> LIBC = load();

    private static final short POLLIN = 1;
    private static final int INTERRUPTED = 4;

    private final LibC libc;
    private final End readEnd;
    private final End writeEnd;

    private SystemPipe(LibC libc, int readEnd, int writeEnd) {
        this.libc = libc;
        this.readEnd = new End(readEnd);
        this.writeEnd = new End(writeEnd);
    }

    /**
     * A new one; empty where the system has no such pipes.
     *
     * @throws IOException when it has no more of them
     */
    static Optional<SystemPipe> open() throws IOException {
        if (LIBC.isEmpty()) {
            return Optional.empty();
        }
        int[] ends = new int[2];
        LibC libc = LIBC.get();
        if (libc.pipe(ends) != 0) {
            throw new IOException("no pipe, error " + Native.getLastError() + " of the system; too many open files?");
        }
        return Optional.of(new SystemPipe(libc, ends[0], ends[1]));
    }

    End readEnd() {
        return readEnd;
    }

    End writeEnd() {
        return writeEnd;
    }

    /** Lets go of both ends. What has been opened by their names stays. */
    @Override
    public void close() {
        readEnd.close();
        writeEnd.close();
    }

    private static Optional<LibC> load() {
        if (!NAMES.toFile().isDirectory()) {
            LOG.warn("No {}: the threads of scripts whose pipes a stranger keeps open end with him only", NAMES);
            return Optional.empty();
        }
        try {
            return Optional.of(Native.load("c", LibC.class));
        } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
            return Optional.empty(); // Signals has told
        }
    }

    /** One end of it. Closing counts once. */
    final class End implements Closeable {
        private final int descriptor;
        private final AtomicBoolean closed = new AtomicBoolean();

        private End(int descriptor) {
            this.descriptor = descriptor;
        }

        /** To be opened as a file, as long as the end is open. */
        File name() {
            return NAMES.resolve(Integer.toString(descriptor)).toFile();
        }

        /** Waits for something to read, or for the end of it; false when there was neither for so long. */
        boolean awaitReadable(Duration limit) {
            long deadline = System.nanoTime() + limit.toNanos();
            while (true) {
                long millis = Math.max(
                        0, Duration.ofNanos(deadline - System.nanoTime()).toMillis());
                byte[] entry = new byte[Integer.BYTES + 2 * Short.BYTES];
                ByteBuffer.wrap(entry)
                        .order(ByteOrder.nativeOrder())
                        .putInt(descriptor)
                        .putShort(POLLIN);
                int ready = libc.poll(entry, new NativeLong(1, true), (int) millis);
                if (ready >= 0) {
                    return ready > 0;
                }
                if (Native.getLastError() != INTERRUPTED) {
                    return true; // reading will say what is the matter
                }
            }
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                int unused = libc.close(descriptor);
            }
        }
    }

    /** The part of the C library that is needed. */
    interface LibC extends Library {
        /** See {@code pipe(2)}. */
        int pipe(int[] ends);

        /** See {@code poll(2)}. */
        int poll(byte[] entries, NativeLong count, int timeout);

        /** See {@code close(2)}. */
        int close(int descriptor);
    }
}
