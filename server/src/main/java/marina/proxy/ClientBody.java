package marina.proxy;

import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * The body of a client's request on its way to the backend. Remembers whether it was the client who failed. While nobody has
 * asked for any of it, because the backend could not be connected to, it stays as it is for another exchange.
 */
final class ClientBody implements org.eclipse.jetty.client.Request.Content {
    private static final String KEPT = ClientBody.class.getName();

    private final Request clientRequest;
    private Content.@Nullable Chunk first;
    private volatile boolean begun;
    private volatile boolean delivered;
    private final AtomicLong pieces = new AtomicLong();
    private volatile @Nullable Throwable clientFailure;

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

    /** To be told when the backend has got all of it. */
    void delivered(org.eclipse.jetty.client.Request request) {
        delivered = true;
    }

    boolean isDelivered() {
        return delivered;
    }

    /** How many have been read; changes as long as the body comes. */
    long pieces() {
        return pieces.get();
    }

    @Override
    public @Nullable String getContentType() {
        return clientRequest.getHeaders().get(HttpHeader.CONTENT_TYPE);
    }

    @Override
    public long getLength() {
        return clientRequest.getLength();
    }

    @Override
    public Content.@Nullable Chunk read() {
        begun = true;
        Content.Chunk chunk = first;
        if (chunk != null) {
            first = Content.Chunk.next(chunk);
        } else {
            chunk = clientRequest.read();
        }
        if (chunk != null) {
            pieces.incrementAndGet();
        }
        if (Content.Chunk.isFailure(chunk)) {
            clientFailure = chunk.getFailure();
        }
        return chunk;
    }

    @Override
    public void demand(Runnable demandCallback) {
        begun = true;
        if (first != null) {
            demandCallback.run();
        } else {
            clientRequest.demand(demandCallback);
        }
    }

    @Override
    public void fail(Throwable failure) {
        fail(failure, true);
    }

    @Override
    public void fail(Throwable failure, boolean last) {
        if (begun) {
            release();
            clientRequest.fail(failure, last);
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
