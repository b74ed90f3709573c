package marina.connection;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.IdleTimeout;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a backend. Always awaits something to read, except while the reader of an answer does not want more; so the end of one
 * that nobody uses is noticed when it comes.
 */
final class BackendConnection extends AbstractConnection.NonBlocking
        implements Connection.UpgradeFrom, SslHandshakeListener {
    private final BackendConnections connections;
    private final IdleTimeout socket;
    private final Loop loop;
    private final URI origin;
    private final AnswerReader reader;
    private final Runnable readable = this::readable;
    private final long opened = System.nanoTime();
    private long calls; // written before current, read after it
    private volatile @Nullable Call current;
    private volatile @Nullable RequestSender sender;
    private volatile @Nullable Throwable requestFailure;
    private volatile boolean doomed; // set while a call is on it; not to be used again

    /**
     * On a socket that stands.
     *
     * @param endPoint where HTTP is spoken: the socket, or what TLS has made of it
     * @param socket knows since when nothing has moved
     */
    BackendConnection(BackendConnections connections, EndPoint endPoint, IdleTimeout socket, Loop loop, URI origin) {
        super(endPoint, connections.server().getThreadPool());
        this.connections = connections;
        this.socket = socket;
        this.loop = loop;
        this.origin = origin;
        this.reader = new AnswerReader(this, endPoint);
    }

    URI origin() {
        return origin;
    }

    /** By {@link System#nanoTime}. */
    long opened() {
        return opened;
    }

    /** Whether its first call has had no word of an answer for that long. */
    boolean hasWaited(long millis) {
        Call call = current;
        return calls == 1 && call != null && !call.isReplied() && socket.getIdleFor() > millis;
    }

    ByteBufferPool buffers() {
        return connections.buffers();
    }

    @Override
    public void onOpen() {
        super.onOpen();
        Call call = current;
        awaitReadable();
        if (call != null) {
            send(call);
        }
    }

    /** Makes one more call. To be called by who has taken it from the pool. */
    void run(Call call) {
        prepare(call);
        send(call);
    }

    /** Takes a call, which begins when it opens, or with {@link #run}. */
    void prepare(Call call) {
        calls++;
        requestFailure = null;
        reader.begin(call);
        current = call;
        call.on(this, calls > 1);
    }

    /** Comes before the connection is closed, of which those who read and write may hear first. */
    @Override
    public void handshakeFailed(Event event, Throwable failure) {
        Call call = current;
        if (call != null) {
            call.failedWith(failure);
        }
    }

    private void send(Call call) {
        RequestSender next = new RequestSender(this, call);
        sender = next;
        next.iterate();
    }

    @Override
    public void onFillable() {
        EventTail.handle(readable);
    }

    private void readable() {
        if (current != null) {
            reader.readable(null);
        } else {
            idleReadable();
        }
    }

    @Override
    public void onFillInterestedFailed(Throwable cause) {
        if (current != null) {
            reader.readable(cause);
        } else {
            close();
        }
    }

    /** The end, as a rule: an idle backend has nothing to say, but that TLS has messages of its own. */
    private void idleReadable() {
        if (!loop.claim(this)) {
            awaitReadable(); // somebody has just taken it
            return;
        }
        RetainableByteBuffer buffer = buffers().acquire(1, true);
        try {
            if (getEndPoint().fill(buffer.getByteBuffer()) == 0) {
                awaitReadable();
                keep();
            } else {
                close();
            }
        } catch (Exception e) {
            close();
        } finally {
            buffer.release();
        }
    }

    /** Has {@link #onFillable} called when there is something to read, or when it has been closed, even before this. */
    void awaitReadable() {
        fillInterested();
        if (!getEndPoint().isOpen() && getEndPoint() instanceof AbstractEndPoint closed) {
            closed.getFillInterest().onFail(new ClosedChannelException());
        }
    }

    /** Ends a call, if it is the one that is on it. */
    void abort(Call call, Throwable cause) {
        synchronized (this) {
            if (current != call) {
                return;
            }
            doomed = true;
        }
        close();
        RequestSender sending = sender;
        if (sending != null) {
            sending.abort(cause);
        }
    }

    void goOn(Call call) {
        RequestSender sending = sender;
        if (current == call && sending != null) {
            sending.lookForWord();
        }
    }

    /** The request is on its way; not whole when the answer came first. */
    void requestDone(Call call, boolean whole) {
        doomed |= !whole;
        sideDone(call);
    }

    /**
     * The request could not be sent. When that is the backend's doing, it may have answered before.
     *
     * @param byClient whether its body could not be read
     */
    void requestFailed(Call call, Throwable failure, boolean byClient) {
        requestFailure = failure;
        doomed = true;
        if (byClient) {
            call.abort(failure);
        }
        if (call.failure() != null) {
            close();
        }
        sideDone(call);
    }

    void answerDone(Call call, @Nullable Throwable failure) {
        RequestSender sending = sender;
        if (failure != null) {
            call.failedWith(failure);
            doomed = true;
            close();
            if (sending != null) {
                sending.abort(failure);
            }
        } else if (sending != null) {
            sending.answered();
        }
        sideDone(call);
    }

    private void sideDone(Call call) {
        if (!call.arrive()) {
            return;
        }
        Throwable failure = call.failure() == null ? requestFailure : call.failure();
        boolean again;
        synchronized (this) {
            again = failure == null && !doomed && reader.isReusable();
            current = null;
            sender = null;
        }
        reader.end();
        if (again) {
            awaitReadable();
            keep();
        } else {
            close();
        }
        call.listener().over(failure);
    }

    private void keep() {
        if (connections.isInTheWay(this) || !loop.keep(this)) {
            close();
        }
    }

    void closeIfIdle() {
        if (current == null && loop.claim(this)) {
            close();
        }
    }

    /** Closes it when nothing has moved for too long, and ends the call that is on it. */
    void look(Duration pooled) {
        Call call = current;
        long silent = socket.getIdleFor();
        if (call == null) {
            if (silent > pooled.toMillis()) {
                closeIfIdle();
            }
            return;
        }
        Duration limit =
                call.isReplied() ? call.limits().quiet() : call.limits().answer();
        if (silent > limit.toMillis()) {
            call.abort(
                    new TimeoutException("the backend neither sent nor took anything for " + limit.toMillis() + " ms"));
        }
    }

    @Override
    public void onClose(@Nullable Throwable cause) {
        super.onClose(cause);
        loop.closed(this);
    }

    @Override
    public @Nullable ByteBuffer onUpgradeFrom() {
        ByteBuffer rest = reader.takeRest();
        current = null;
        return rest;
    }
}
