package marina.proxy;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import marina.connection.RequestBody;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * The body of a client's request on its way to the backend. Remembers whether it was the client who failed. While nobody has
 * asked for any of it, because the backend could not be connected to, it stays as it is for another exchange.
 */
final class ClientBody implements RequestBody {
    private static final String KEPT = ClientBody.class.getName();

    private final Request clientRequest;
    private final BodyGate gate = new BodyGate();
    private Content.@Nullable Chunk first; // inside the gate
    private volatile boolean begun;
    private volatile boolean delivered;
    private final AtomicLong pieces = new AtomicLong();
    private volatile @Nullable ByteBuffer latest; // only to look at its position: it may have been released
    private volatile @Nullable Throwable clientFailure;
    private final AtomicReference<@Nullable Throwable> handedOn =
            new AtomicReference<>(); // a failure of the backend's side

    private ClientBody(Request clientRequest, Content.@Nullable Chunk first) {
        this.clientRequest = clientRequest;
        this.first = first;
    }

    /**
     * The body of a request, or null when it has none. In HTTP/1.1 the fields tell; a request of HTTP/2 with a body
     * need not say so, which is why it is asked for a first piece.
     */
    static @Nullable ClientBody of(Request request) {
        if (request.removeAttribute(KEPT) instanceof ClientBody kept) {
            return kept;
        }
        if (request.getLength() == 0) {
            return null;
        }
        if (request.getLength() > 0 || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)) {
            return new ClientBody(request, null);
        }
        if (request.getConnectionMetaData().getHttpVersion().getVersion() < HttpVersion.HTTP_2.getVersion()) {
            return null;
        }
        if (request.getHeaders().contains(HttpHeader.EXPECT)) {
            return new ClientBody(request, null); // to read is to answer 100, which is the backend's to decide
        }
        Content.Chunk chunk = request.read();
        if (chunk != null && chunk.isLast() && !chunk.hasRemaining() && !Content.Chunk.isFailure(chunk)) {
            chunk.release();
            return null;
        }
        return new ClientBody(request, chunk);
    }

    /** Why the body could not be read from the client, if so. */
    @Nullable
    Throwable clientFailure() {
        return clientFailure;
    }

    /** Whether this failure of the request is one that the client is told of, and not one of its own. */
    boolean isHandedOn(Throwable failure) {
        return handedOn.get() == failure;
    }

    /** Does something that has to do with the client's request as soon as nobody reads its body at this moment. */
    void whenNotRead(Runnable task) {
        gate.whenEmpty(task);
    }

    /** Whether nobody has asked for any of it. */
    boolean isWhole() {
        return !begun;
    }

    @Override
    public void delivered() {
        delivered = true;
    }

    boolean isDelivered() {
        return delivered;
    }

    /** How far it is on its way; changes as long as it comes and the backend takes it. */
    Progress progress() {
        ByteBuffer piece = latest;
        return new Progress(pieces.get(), piece == null ? 0 : piece.remaining());
    }

    /**
     * How far a body is on its way.
     *
     * @param pieces that have been read
     * @param unwritten bytes of the last one that have not been written to the backend; may be a moment old
     */
    record Progress(long pieces, int unwritten) {}

    @Override
    public @Nullable HttpFields trailers() {
        return clientRequest.getHeaders().contains(HttpHeader.TRAILER)
                ? ForwardedHeaders.trailers(clientRequest.getTrailers())
                : null;
    }

    @Override
    public long getLength() {
        return clientRequest.getLength();
    }

    @Override
    public Content.@Nullable Chunk read() {
        begun = true;
        if (!gate.enter()) {
            return failed();
        }
        try {
            return readInside();
        } finally {
            gate.leave();
        }
    }

    private Content.@Nullable Chunk readInside() {
        Content.Chunk chunk = first;
        if (chunk != null) {
            first = Content.Chunk.next(chunk);
        } else {
            chunk = clientRequest.read();
        }
        if (Content.Chunk.isFailure(chunk)) {
            clientFailure = chunk.getFailure();
        } else if (chunk != null) {
            latest = chunk.getByteBuffer();
            pieces.incrementAndGet();
        }
        return chunk;
    }

    private Content.Chunk failed() {
        Throwable failure = handedOn.get();
        return Content.Chunk.from(failure == null ? new EofException() : failure, true);
    }

    @Override
    public void demand(Runnable demandCallback) {
        begun = true;
        if (!gate.enter()) {
            demandCallback.run();
            return;
        }
        try {
            if (first == null) {
                clientRequest.demand(demandCallback);
                return;
            }
        } finally {
            gate.leave();
        }
        demandCallback.run();
    }

    @Override
    public void fail(Throwable failure) {
        fail(failure, true);
    }

    @Override
    public void fail(Throwable failure, boolean last) {
        if (begun) {
            if (handedOn.compareAndSet(null, failure)) { // comes back to whoever listens for failures of the request
                gate.close(() -> {
                    release();
                    clientRequest.fail(failure, last);
                });
            }
        } else {
            clientRequest.setAttribute(KEPT, this);
        }
    }

    /** Lets go of what has not been asked for; to be called when no exchange will come for it any more. */
    void release() {
        Content.Chunk unread = first;
        first = null;
        if (unread != null) {
            unread.release();
        }
    }

    @Override
    public boolean rewind() {
        return false;
    }
}
