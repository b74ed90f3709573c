package marina.valve;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingNestedCallback;

/**
 * Writes the gzip form (RFC 1952) of what it is given. Each write is flushed, so that the client can decode all of it: that
 * costs five bytes and spares every question of what may wait. One writer at a time; ended with its request, when a write
 * that is still going on fails.
 */
final class GzipStream {
    /** Between 1 and 9: the better half of 9's gain for a third of its time. */
    private static final int LEVEL = 5;

    private static final int BUFFER = 16 * 1024;
    private static final int TRAILER = 8;
    private static final byte[] HEAD = {0x1f, (byte) 0x8b, Deflater.DEFLATED, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    private final Response response;
    private final Request request;
    private final Deflater deflater = new Deflater(LEVEL, true);
    private final CRC32 checksum = new CRC32();
    private boolean begun;

    GzipStream(Response response, Request request) {
        this.response = response;
        this.request = request;
        Request.addCompletionListener(request, failure -> deflater.end());
    }

    /** Writes a piece; the callback completes when all of it has been written. */
    void write(boolean last, ByteBuffer content, Callback callback) {
        new Piece(last, content, callback).iterate();
    }

    private final class Piece extends IteratingNestedCallback {
        private final boolean last;
        private final RetainableByteBuffer buffer;
        private boolean written;

        Piece(boolean last, ByteBuffer content, Callback callback) {
            super(callback);
            this.last = last;
            this.buffer = request.getComponents().getByteBufferPool().acquire(BUFFER, true);
            checksum.update(content.duplicate());
            deflater.setInput(content);
            if (last) {
                deflater.finish();
            }
        }

        @Override
        protected Action process() {
            if (written) {
                return Action.SUCCEEDED;
            }
            ByteBuffer output = buffer.getByteBuffer();
            BufferUtil.clearToFill(output);
            if (!begun) {
                begun = true;
                output.put(HEAD);
            }
            deflate(output);
            output.flip();
            response.write(last && written, output, this);
            return Action.SCHEDULED;
        }

        private void deflate(ByteBuffer output) {
            if (!last) {
                deflater.deflate(output, Deflater.SYNC_FLUSH);
                written = output.hasRemaining();
                return;
            }
            if (!deflater.finished()) {
                deflater.deflate(output);
            }
            if (deflater.finished() && output.remaining() >= TRAILER) {
                output.order(ByteOrder.LITTLE_ENDIAN)
                        .putInt((int) checksum.getValue())
                        .putInt(deflater.getTotalIn())
                        .order(ByteOrder.BIG_ENDIAN);
                written = true;
            }
        }

        @Override
        protected void onCompleteSuccess() {
            buffer.release();
            super.onCompleteSuccess();
        }

        @Override
        protected void onCompleteFailure(Throwable cause) {
            buffer.release();
            super.onCompleteFailure(cause);
        }
    }
}
