package marina.rest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;

/** Moves the body of a request somewhere, as it comes: no thread waits for the client. Used once. */
public final class BodyTransfer implements Runnable {
    private final Request request;
    private final long most;
    private final Place place;
    private final CompletableFuture<Long> done = new CompletableFuture<>();
    private long bytes;

    /** Where a body goes. */
    @FunctionalInterface
    public interface Place {
        /** Takes all that is left in a buffer. */
        void take(ByteBuffer buffer) throws IOException;
    }

    private BodyTransfer(Request request, long most, Place place) {
        this.request = request;
        this.most = most;
        this.place = place;
    }

    /**
     * Begins.
     *
     * @param most bytes at most
     * @return completes with how many there were, or with a {@link BadCall} or what the place has thrown
     */
    public static CompletableFuture<Long> begin(Request request, long most, Place place) {
        if (request.getLength() > most) {
            return CompletableFuture.failedFuture(tooLarge(most));
        }
        BodyTransfer transfer = new BodyTransfer(request, most, place);
        transfer.run();
        return transfer.done;
    }

    /** A body that is a short text. */
    public static CompletableFuture<String> text(Request request, int most) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        return begin(request, most, buffer -> text.write(BufferUtil.toArray(buffer)))
                .thenApply(bytes -> text.toString(StandardCharsets.UTF_8));
    }

    /** Goes on where there is more to read. */
    @Override
    public void run() {
        try {
            for (Content.Chunk chunk = request.read(); ; chunk = request.read()) {
                if (chunk == null) {
                    request.demand(this);
                    return;
                }
                if (Content.Chunk.isFailure(chunk)) {
                    done.completeExceptionally(chunk.getFailure());
                    return;
                }
                boolean last = chunk.isLast();
                take(chunk);
                if (last) {
                    done.complete(bytes);
                    return;
                }
            }
        } catch (IOException | BadCall | RuntimeException e) {
            done.completeExceptionally(e);
        }
    }

    private void take(Content.Chunk chunk) throws IOException, BadCall {
        try {
            bytes += chunk.remaining();
            if (bytes > most) {
                throw tooLarge(most);
            }
            place.take(chunk.getByteBuffer());
        } finally {
            chunk.release();
        }
    }

    private static BadCall tooLarge(long most) {
        return new BadCall(HttpStatus.PAYLOAD_TOO_LARGE_413, "the body is larger than " + most + " bytes");
    }
}
