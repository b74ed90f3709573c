package marina.cgi;

import java.io.IOException;
import java.io.OutputStream;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A body whose client has not said how long it is: it is kept in a file until its end has come, because a script must know
 * (RFC 3875 section 4.1.2).
 */
final class SpooledBody implements RequestBody {
    private static final Logger LOG = LoggerFactory.getLogger(SpooledBody.class);

    private final Spool.Kept kept;
    private final Executor executor;
    private volatile OutputStream input = OutputStream.nullOutputStream();
    private volatile boolean unwanted;
    private volatile boolean copied;

    private SpooledBody(Spool.Kept kept, Executor executor) {
        this.kept = kept;
        this.executor = executor;
    }

    /**
     * Reads the whole body.
     *
     * @param most bytes
     * @param executor for what blocks
     * @return the body; fails with the client's failure, with an HttpException for 413, 503 or 507, or with a
     *     FileSystemException of the disk. Then nothing of it is left
     */
    static CompletableFuture<RequestBody> of(Request request, Spool spool, long most, Executor executor) {
        Spooling spooling = new Spooling(request, spool, most, executor);
        spooling.execute();
        return spooling.result;
    }

    @Override
    public long length() {
        return kept.length();
    }

    @Override
    public void begin(OutputStream scriptInput, Consumer<Throwable> failed) {
        input = scriptInput;
        try {
            executor.execute(this::copy);
        } catch (RejectedExecutionException e) {
            NoBody.closeQuietly(scriptInput);
            failed.accept(e);
        }
    }

    private void copy() {
        try {
            if (!unwanted) {
                kept.read().transferTo(input);
            }
        } catch (IOException e) {
            LOG.debug("The script has not read all of its input: {}", e.toString());
        } finally {
            copied = true;
            NoBody.closeQuietly(input);
        }
    }

    @Override
    public CompletableFuture<Void> rest() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void scriptGone() {
        unwanted = true;
        if (!copied) {
            NoBody.closeQuietly(input, executor);
        }
    }

    @Override
    public void close() {
        kept.close();
    }

    /** One body on its way into its file. */
    private static final class Spooling {
        private final Request request;
        private final Spool spool;
        private final long most;
        private final Executor executor;
        private final CompletableFuture<RequestBody> result = new CompletableFuture<>();
        private final Runnable resume = Invocable.from(InvocationType.NON_BLOCKING, this::execute);
        private Spool.@Nullable Kept kept; // by one thread after the other

        Spooling(Request request, Spool spool, long most, Executor executor) {
            this.request = request;
            this.spool = spool;
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
            try {
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
                    } finally {
                        chunk.release();
                    }
                    if (last) {
                        result.complete(kept == null ? NONE : new SpooledBody(kept, executor));
                        return;
                    }
                }
            } catch (IOException | RuntimeException e) {
                fail(e);
            }
        }

        private void keep(Content.Chunk chunk) throws IOException {
            if (!chunk.hasRemaining()) {
                return;
            }
            Spool.Kept file = kept;
            if (file == null) {
                file = spool.open(most);
                kept = file;
            }
            file.write(chunk.getByteBuffer());
        }

        private void fail(Throwable failure) {
            if (kept != null) {
                kept.close();
            }
            result.completeExceptionally(failure);
        }
    }
}
