package marina.cgi;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A body of known length that goes to the script as it comes, no faster than the script reads it. It has a thread only while
 * there is something to write.
 */
final class StreamedBody implements RequestBody {
    private static final Logger LOG = LoggerFactory.getLogger(StreamedBody.class);
    private static final int BUFFER = 16 * 1024;

    private final Request request;
    private final Executor executor;
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private final Runnable resume = Invocable.from(InvocationType.NON_BLOCKING, this::execute);
    private volatile boolean discarding;

    private final AtomicBoolean begun = new AtomicBoolean();
    private volatile OutputStream input = OutputStream.nullOutputStream();

    // By one thread after the other.
    private Consumer<Throwable> failed = failure -> {};
    private Content.@Nullable Chunk first;
    private byte[] buffer = new byte[0];

    /** The body of a request, written by threads of this executor. */
    StreamedBody(Request request, Executor executor) {
        this.request = request;
        this.executor = executor;
    }

    @Override
    public long length() {
        return request.getLength();
    }

    @Override
    public void begin(OutputStream scriptInput, Consumer<Throwable> onFailure) {
        if (!begun.compareAndSet(false, true)) {
            NoBody.closeQuietly(scriptInput); // it is being thrown away already
            return;
        }
        input = scriptInput;
        failed = onFailure;
        // Here and not later: a client that waits for 100 Continue must get it before the answer begins.
        first = request.read();
        if (first == null) {
            request.demand(resume);
        } else {
            execute();
        }
    }

    @Override
    public CompletableFuture<Void> rest() {
        discarding = true;
        if (begun.compareAndSet(false, true)) {
            if (request.getHeaders().contains(HttpHeader.EXPECT, HttpHeaderValue.CONTINUE.asString())) {
                over.complete(null); // it never comes, and asking for it would send 100 behind the answer
            } else {
                execute();
            }
        }
        return over.copy();
    }

    @Override
    public void scriptGone() {
        discarding = true;
        if (begun.get() && !over.isDone()) {
            NoBody.closeQuietly(input, executor);
        }
    }

    @Override
    public void close() {
        discarding = true;
    }

    private void execute() {
        try {
            executor.execute(this::pump);
        } catch (RejectedExecutionException e) {
            Content.Chunk unread = first;
            first = null;
            if (unread != null) {
                unread.release();
            }
            end(e);
        }
    }

    private void pump() {
        try {
            while (true) {
                Content.Chunk chunk = first != null ? first : request.read();
                first = null;
                if (chunk == null) {
                    request.demand(resume);
                    return;
                }
                if (Content.Chunk.isFailure(chunk)) {
                    end(chunk.getFailure());
                    return;
                }
                boolean last = chunk.isLast();
                pass(chunk.getByteBuffer());
                chunk.release();
                if (last) {
                    end(null);
                    return;
                }
            }
        } catch (IllegalStateException e) {
            end(e); // the exchange has ended meanwhile
        }
    }

    private void pass(ByteBuffer bytes) {
        if (discarding) {
            return;
        }
        if (buffer.length == 0) {
            buffer = new byte[BUFFER];
        }
        try {
            while (bytes.hasRemaining()) {
                int count = Math.min(bytes.remaining(), buffer.length);
                bytes.get(buffer, 0, count);
                input.write(buffer, 0, count);
            }
            input.flush();
        } catch (IOException e) {
            LOG.debug("The script reads no more of its input: {}", e.toString());
            discarding = true;
            NoBody.closeQuietly(input);
        }
    }

    private void end(@Nullable Throwable failure) {
        NoBody.closeQuietly(input);
        over.complete(null);
        if (failure != null) {
            failed.accept(failure);
        }
    }
}
