package marina.cgi;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The body of a request that has none. */
final class NoBody implements RequestBody {
    private static final Logger LOG = LoggerFactory.getLogger(NoBody.class);

    @Override
    public long length() {
        return 0;
    }

    @Override
    public void begin(OutputStream input, Consumer<Throwable> failed) {
        closeQuietly(input);
    }

    @Override
    public CompletableFuture<Void> rest() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void scriptGone() {
        // nobody writes
    }

    @Override
    public void close() {
        // nothing is held
    }

    /** Of a pipe to which somebody may be writing, for whom pipes of the JDK wait. */
    static void closeQuietly(OutputStream input, Executor executor) {
        try {
            executor.execute(() -> closeQuietly(input));
        } catch (RejectedExecutionException e) {
            LOG.debug("The input of a script was left open: {}", e.toString());
        }
    }

    /** Of a pipe whose other end may have gone. */
    static void closeQuietly(OutputStream input) {
        try {
            input.close();
        } catch (IOException e) {
            LOG.debug("The script has not read all of its input: {}", e.toString());
        }
    }
}
