package marina.proxy;

import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.IteratingCallback;
import org.jspecify.annotations.Nullable;

/** One direction of a tunnel: reads from its own end point and writes to the other, one buffer at a time. */
final class TunnelConnection extends AbstractConnection.NonBlocking implements Connection.UpgradeTo {

    private static final int BUFFER_SIZE = 16 * 1024;

    private final UpgradeTunnel tunnel;
    private final EndPoint receiver;
    private final ByteBufferPool buffers;
    private final Pipe pipe = new Pipe();
    private @Nullable ByteBuffer early;

    TunnelConnection(
            UpgradeTunnel tunnel, EndPoint sender, EndPoint receiver, Executor executor, ByteBufferPool buffers) {
        super(sender, executor);
        this.tunnel = tunnel;
        this.receiver = receiver;
        this.buffers = buffers;
    }

    /** Takes what had been read together with the head of the upgrade. */
    @Override
    public void onUpgradeTo(ByteBuffer buffer) {
        early = buffer;
    }

    @Override
    public void onOpen() {
        super.onOpen();
        pipe.iterate();
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

        private @Nullable RetainableByteBuffer buffer;
        private boolean ended;

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }

        @Override
        protected Action process() throws Throwable {
            ByteBuffer glued = early;
            early = null;
            if (glued != null) {
                receiver.write(this, glued);
                return Action.SCHEDULED;
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
                receiver.write(this, filling.getByteBuffer());
                return Action.SCHEDULED;
            }
            filling.release();
            if (filled == 0) {
                fillInterested();
                return Action.IDLE;
            }
            ended = true;
            return Action.SUCCEEDED;
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
