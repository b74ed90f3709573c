package marina.proxy;

import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.IteratingCallback;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a tunnel: reads from its own end point and writes to the other, one buffer at a time. It can close a
 * WebSocket on behalf of the sender: between two frames.
 */
final class TunnelConnection extends AbstractConnection.NonBlocking implements Connection.UpgradeTo {

    private static final int BUFFER_SIZE = 16 * 1024;

    /** A close frame of a server, with the status 1001 (RFC 6455 section 7.4.1). */
    private static final byte[] GOING_AWAY = {(byte) 0x88, 2, 1001 >> 8, (byte) (1001 & 0xFF)};

    private final UpgradeTunnel tunnel;
    private final EndPoint receiver;
    private final ByteBufferPool buffers;
    private final Pipe pipe = new Pipe();
    private final boolean webSocket;
    private final @Nullable Heartbeat heartbeat;
    private final boolean toBackend;
    private final boolean socket;
    private volatile boolean leaving;
    private volatile boolean pingDue;
    private volatile boolean opened;
    private volatile long received; // written by one call at a time
    private final @Nullable PongSieve sieve;
    private @Nullable ByteBuffer early;

    TunnelConnection(UpgradeTunnel tunnel, EndPoint sender, EndPoint receiver, Ends ends, boolean toBackend) {
        super(sender, ends.executor());
        this.tunnel = tunnel;
        this.receiver = receiver;
        this.buffers = ends.buffers();
        this.webSocket = ends.webSocket();
        this.heartbeat = ends.heartbeat();
        this.toBackend = toBackend;
        this.socket = sender instanceof SocketChannelEndPoint;
        this.sieve = heartbeat == null ? null : new PongSieve(heartbeat);
    }

    /**
     * What both directions share.
     *
     * @param webSocket whether the bytes are frames of WebSocket
     * @param heartbeat of a WebSocket whose sides are pinged, else null
     */
    record Ends(Executor executor, ByteBufferPool buffers, boolean webSocket, @Nullable Heartbeat heartbeat) {}

    /** Pings the receiver, after the frame that is on its way. */
    void ping() {
        if (heartbeat != null && opened) {
            pingDue = true;
            getExecutor().execute(pipe::iterate);
        }
    }

    /** Sends the receiver a close frame, "going away", after the frame that is on its way; what comes later is dropped. */
    void leave() {
        if (webSocket) {
            leaving = true;
            if (opened) { // before that the end point is somebody else's to read
                pipe.iterate();
            }
        }
    }

    /** Takes what had been read together with the head of the upgrade. */
    @Override
    public void onUpgradeTo(ByteBuffer buffer) {
        early = buffer;
    }

    @Override
    public void onOpen() {
        super.onOpen();
        opened = true;
        pipe.iterate();
    }

    /** What has been read from this end. */
    @Override
    public long getBytesIn() {
        return received;
    }

    /** What has been read from the other end, for this one. */
    @Override
    public long getBytesOut() {
        return tunnel.other(this).received;
    }

    @Override
    public void onFillable() {
        pipe.iterate();
    }

    @Override
    public void onClose(@Nullable Throwable cause) {
        super.onClose(cause);
        tunnel.end();
    }

    /** Fills and writes in turn; a buffer is held only while there is something to write. */
    private final class Pipe extends IteratingCallback {

        private final FrameBoundary frames = new FrameBoundary();
        private @Nullable RetainableByteBuffer buffer;
        private boolean drained; // the socket had less than there was room for: to read on at once would be in vain
        private boolean ended;
        private boolean saidGoodbye;

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }

        @Override
        protected Action process() throws Throwable {
            ByteBuffer glued = early;
            early = null;
            if (glued != null) {
                write(glued);
                return Action.SCHEDULED;
            }
            if (leaving && !saidGoodbye && frames.isHere()) {
                saidGoodbye = true;
                receiver.write(this, ByteBuffer.wrap(GOING_AWAY));
                return Action.SCHEDULED;
            }
            if (pingDue && heartbeat != null && frames.isHere() && !frames.isClosing() && !saidGoodbye) {
                pingDue = false;
                receiver.write(this, ByteBuffer.wrap(heartbeat.ping(toBackend)));
                return Action.SCHEDULED;
            }
            if (drained) {
                drained = false;
                return waitForMore();
            }
            RetainableByteBuffer filling = buffers.acquire(BUFFER_SIZE, true);
            int filled;
            try {
                filled = getEndPoint().fill(filling.getByteBuffer());
            } catch (Throwable x) {
                filling.release();
                throw x;
            }
            if (filled > 0) {
                buffer = filling;
                drained = socket && filled < BUFFER_SIZE;
                write(filling.getByteBuffer());
                return Action.SCHEDULED;
            }
            filling.release();
            if (filled < 0 && webSocket && !toBackend && !saidGoodbye && frames.isHere() && !frames.isClosing()) {
                saidGoodbye =
                        true; // the backend has gone without a word; for the client that is no failure of the line
                receiver.write(this, ByteBuffer.wrap(GOING_AWAY));
                return Action.SCHEDULED;
            }
            if (filled == 0) {
                return waitForMore();
            }
            ended = true;
            return Action.SUCCEEDED;
        }

        private Action waitForMore() {
            if (!isFillInterested()) { // it is when leave() has woken us
                fillInterested();
            }
            return Action.IDLE;
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // one call at a time
        private void write(ByteBuffer read) {
            received += read.remaining();
            ByteBuffer bytes = sieve == null ? read : sieve.pass(read);
            if (saidGoodbye) {
                bytes.position(bytes.limit());
            } else if (webSocket && leaving) {
                bytes.limit(frames.next(bytes));
            } else if (webSocket) {
                frames.pass(bytes);
            }
            receiver.write(this, bytes);
        }

        @Override
        protected void onSuccess() {
            release();
        }

        @Override
        protected void onCompleteSuccess() {
            if (ended) {
                tunnel.directionEnded(receiver);
            }
        }

        @Override
        protected void onCompleteFailure(Throwable cause) {
            release();
            tunnel.end();
        }

        private void release() {
            RetainableByteBuffer written = buffer;
            buffer = null;
            if (written != null) {
                written.release();
            }
        }
    }
}
