package marina.cgi;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A body whose client has not said how long it is: it is kept in a file until its end has come, because a script must know
 * (RFC 3875 section 4.1.2). The file has no name, so that it is gone with this process at the latest.
 */
final class SpooledBody implements RequestBody {
    private static final Logger LOG = LoggerFactory.getLogger(SpooledBody.class);

    private final FileChannel file;
    private final Executor executor;
    private final long length;

    private SpooledBody(FileChannel file, long length, Executor executor) {
        this.file = file;
        this.length = length;
        this.executor = executor;
    }

    /**
     * Reads the whole body.
     *
     * @param folder for the file; created when missing
     * @param most bytes
     * @param executor for what blocks
     * @return the body; fails with the client's failure, with 413 or with an IOException of the disk
     */
    static CompletableFuture<RequestBody> of(Request request, Path folder, long most, Executor executor) {
        Spooling spooling = new Spooling(request, folder, most, executor);
        spooling.execute();
        return spooling.result;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public void begin(OutputStream input, Consumer<Throwable> failed) {
        try {
            executor.execute(() -> copy(input));
        } catch (RejectedExecutionException e) {
            NoBody.closeQuietly(input);
            failed.accept(e);
        }
    }

    private void copy(OutputStream input) {
        try {
            InputStream source = Channels.newInputStream(file.position(0));
            source.transferTo(input);
        } catch (IOException e) {
            LOG.debug("The script has not read all of its input: {}", e.toString());
        } finally {
            NoBody.closeQuietly(input);
        }
    }

    @Override
    public CompletableFuture<Void> rest() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() {
        close(file);
    }

    private static void close(FileChannel file) {
        try {
            file.close();
        } catch (IOException e) {
            LOG.warn("The file of a request's body was not closed: {}", e.toString());
        }
    }

    /** One body on its way into its file. */
    private static final class Spooling {
        private final Request request;
        private final Path folder;
        private final long most;
        private final Executor executor;
        private final CompletableFuture<RequestBody> result = new CompletableFuture<>();
        private final Runnable resume = Invocable.from(InvocationType.NON_BLOCKING, this::execute);

        // By one thread after the other.
        private CompletableFuture<FileChannel> opened = new CompletableFuture<>();
        private long length;

        Spooling(Request request, Path folder, long most, Executor executor) {
            this.request = request;
            this.folder = folder;
            this.most = most;
            this.executor = executor;
        }

        void execute() {
            try {
                executor.execute(this::read);
            } catch (RejectedExecutionException e) {
                fail(new HttpException.RuntimeException(HttpStatus.SERVICE_UNAVAILABLE_503, e));
            }
        }

        private void read() {
            while (true) {
                Content.Chunk chunk = request.read();
                if (chunk == null) {
                    request.demand(resume);
                    return;
                }
                if (Content.Chunk.isFailure(chunk)) {
                    fail(chunk.getFailure());
                    return;
                }
                boolean last = chunk.isLast();
                try {
                    keep(chunk);
                } catch (IOException | RuntimeException e) {
                    fail(e);
                    return;
                } finally {
                    chunk.release();
                }
                if (last) {
                    end();
                    return;
                }
            }
        }

        private void keep(Content.Chunk chunk) throws IOException {
            if (!chunk.hasRemaining()) {
                return;
            }
            length += chunk.remaining();
            if (length > most) {
                throw new HttpException.RuntimeException(
                        HttpStatus.PAYLOAD_TOO_LARGE_413, "the body is longer than " + most + " bytes");
            }
            try {
                if (!opened.isDone()) {
                    opened.complete(open());
                }
                FileChannel file = opened.join();
                while (chunk.hasRemaining()) {
                    file.write(chunk.getByteBuffer());
                }
            } catch (IOException e) { // told from those of the connection
                throw new FileSystemException(folder.toString(), null, e.toString());
            }
        }

        private FileChannel open() throws IOException {
            Files.createDirectories(folder);
            return FileChannel.open(
                    folder.resolve("body-" + UUID.randomUUID()),
                    Set.of(
                            StandardOpenOption.CREATE_NEW,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.DELETE_ON_CLOSE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }

        private void end() {
            result.complete(length == 0 ? NONE : new SpooledBody(opened.join(), length, executor));
        }

        private void fail(Throwable failure) {
            if (opened.isDone()) {
                SpooledBody.close(opened.join());
            }
            result.completeExceptionally(failure);
        }
    }
}
