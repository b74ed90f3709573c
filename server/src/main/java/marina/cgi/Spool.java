package marina.cgi;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongUnaryOperator;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder for bodies of unknown length. They leave room on its disk, and all together take so much and no more. The files have no
 * names, so that they are gone with this process at the latest. Thread-safe.
 */
final class Spool {
    private static final Logger LOG = LoggerFactory.getLogger(Spool.class);

    /** Room is asked for in pieces of this size, because each asks the system. */
    private static final long PIECE = 1L << 20;

    private static final long TOGETHER = 10L << 30;
    private static final long LEFT_FREE = 1L << 30;

    private final Path folder;
    private final long together;
    private final LongUnaryOperator leftFree;
    private final AtomicLong taken = new AtomicLong();

    /** One that keeps 1 GB of the disk free, of small ones a tenth, and takes 10 GB at most. */
    Spool(Path folder) {
        this(folder, TOGETHER, total -> Math.min(LEFT_FREE, total / 10));
    }

    /**
     * A spool.
     *
     * @param folder created when needed
     * @param together bytes of all bodies; a single one may be larger where its own limit is
     * @param leftFree bytes that stay free on a disk of so many
     */
    Spool(Path folder, long together, LongUnaryOperator leftFree) {
        this.folder = folder;
        this.together = together;
        this.leftFree = leftFree;
    }

    /**
     * An empty file.
     *
     * @param most bytes that go into it
     * @throws HttpException.RuntimeException 503 when too much is kept for others, 507 when the disk is full
     * @throws FileSystemException when the folder cannot be used
     */
    Kept open(long most) throws IOException {
        AtomicLong claimed = new AtomicLong();
        try {
            claim(claimed, PIECE, most);
            return new Kept(openFile(), claimed, most);
        } catch (IOException | RuntimeException e) {
            taken.addAndGet(-claimed.get());
            throw e;
        }
    }

    private FileChannel openFile() throws IOException {
        try {
            return FileChannel.open(
                    folder.resolve("body-" + UUID.randomUUID()),
                    Set.of(
                            StandardOpenOption.CREATE_NEW,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.DELETE_ON_CLOSE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Sees to it that there is room for so many bytes of one body. */
    private void claim(AtomicLong claimed, long bytes, long most) throws IOException {
        while (claimed.get() < bytes) {
            claimed.addAndGet(PIECE);
            if (taken.addAndGet(PIECE) > Math.max(together, most)) {
                LOG.warn("The body of a request for a script is refused: there are {} bytes in {}", taken, folder);
                throw new HttpException.RuntimeException(
                        HttpStatus.SERVICE_UNAVAILABLE_503, "too many bodies are kept");
            }
            try {
                Files.createDirectories(folder);
                if (isFull()) {
                    throw full();
                }
            } catch (IOException e) {
                throw new FileSystemException(folder.toString(), null, e.toString());
            }
        }
    }

    /** Told from failures of the connection. */
    private IOException failed(IOException failure) throws IOException {
        if (isFull()) {
            throw full();
        }
        return new FileSystemException(folder.toString(), null, failure.toString());
    }

    /** Bytes that are kept or may be soon. */
    long taken() {
        return taken.get();
    }

    private boolean isFull() throws IOException {
        FileStore disk = Files.getFileStore(folder);
        return disk.getUsableSpace() < leftFree.applyAsLong(disk.getTotalSpace());
    }

    private HttpException.RuntimeException full() {
        LOG.error("The body of a request for a script is refused: the disk of {} is full; make room there", folder);
        return new HttpException.RuntimeException(HttpStatus.INSUFFICIENT_STORAGE_507, "the disk is full");
    }

    /** One body. For one thread after the other, but for {@link #close}. */
    final class Kept implements Closeable {
        private final FileChannel file;
        private final AtomicLong claimed;
        private final long most;
        private final AtomicBoolean closed = new AtomicBoolean();
        private long length;

        private Kept(FileChannel file, AtomicLong claimed, long most) {
            this.file = file;
            this.claimed = claimed;
            this.most = most;
        }

        /** Bytes. */
        long length() {
            return length;
        }

        /**
         * Adds to it.
         *
         * @throws HttpException.RuntimeException 413 when it becomes too long; 503 and 507 as for a new one
         * @throws FileSystemException when the disk fails
         */
        void write(ByteBuffer bytes) throws IOException {
            length += bytes.remaining();
            if (length > most) {
                throw new HttpException.RuntimeException(
                        HttpStatus.PAYLOAD_TOO_LARGE_413, "the body is longer than " + most + " bytes");
            }
            claim(claimed, length, most);
            try {
                while (bytes.hasRemaining()) {
                    file.write(bytes);
                }
            } catch (IOException e) {
                throw failed(e);
            }
        }

        /** Reads it from its beginning. */
        InputStream read() throws IOException {
            return Channels.newInputStream(file.position(0));
        }

        @Override
        public void close() {
            if (!closed.compareAndSet(false, true)) {
                return;
            }
            taken.addAndGet(-claimed.get());
            try {
                file.close();
            } catch (IOException e) {
                LOG.warn("The file of a request's body was not closed: {}", e.toString());
            }
        }
    }
}
