package marina.files;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.jetty.http.ByteRange;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.IteratingCallback;
import org.jspecify.annotations.Nullable;

/**
 * Writes parts of a file, and text between them, one buffer after the other: the next one is read when the one before has
 * been written, so a slow client costs one buffer. A file that has become shorter breaks the connection off, which is the
 * only way left to say that something is missing.
 */
final class FileBody extends IteratingCallback {
    private static final int BUFFER = 64 * 1024;

    private final Exchange exchange;
    private final List<Part> parts;
    private final Bytes bytes;
    private int next; // the part that comes next
    private long position; // of the part that is being written
    private long end;
    private @Nullable RetainableByteBuffer buffer;
    private boolean last;

    /**
     * A piece of the answer.
     *
     * @param text when it comes from no file
     * @param range when it does
     */
    record Part(@Nullable ByteBuffer text, @Nullable ByteRange range) {
        static Part of(String text) {
            return new Part(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), null);
        }

        static Part of(ByteRange range) {
            return new Part(null, range);
        }

        long length() {
            return range != null ? range.getLength() : text != null ? text.remaining() : 0;
        }
    }

    /** Where the bytes of the file come from. */
    interface Bytes {
        /** A buffer with bytes from this position on, at least one. */
        ByteBuffer at(long position, long end, FileBody body) throws IOException;

        void close();

        static Bytes of(ByteBuffer memory) {
            return new Bytes() {
                @Override
                public ByteBuffer at(long position, long end, FileBody body) {
                    return memory.slice((int) position, (int) (end - position));
                }

                @Override
                public void close() {
                    // nothing is open
                }
            };
        }

        static Bytes of(FileChannel channel) {
            return new Bytes() {
                @Override
                public ByteBuffer at(long position, long end, FileBody body) throws IOException {
                    ByteBuffer target = body.buffer().getByteBuffer();
                    BufferUtil.clearToFill(target);
                    target.limit((int) Math.min(target.capacity(), end - position));
                    int count = channel.read(target, position);
                    if (count <= 0) {
                        throw new EOFException("the file has become shorter while it was sent");
                    }
                    target.flip();
                    return target;
                }

                @Override
                public void close() {
                    IO.close(channel);
                }
            };
        }
    }

    FileBody(Exchange exchange, List<Part> parts, Bytes bytes) {
        this.exchange = exchange;
        this.parts = parts;
        this.bytes = bytes;
    }

    /** Reading may wait for the disk, so it must not be done by the threads that serve all connections. */
    @Override
    public InvocationType getInvocationType() {
        return InvocationType.BLOCKING;
    }

    private RetainableByteBuffer buffer() {
        RetainableByteBuffer mine = buffer;
        if (mine == null) {
            mine = exchange.request().getComponents().getByteBufferPool().acquire(BUFFER, true);
            buffer = mine;
        }
        return mine;
    }

    @Override
    protected Action process() throws IOException {
        if (last) {
            return Action.SUCCEEDED;
        }
        ByteBuffer piece;
        if (position == end) {
            Part part = parts.get(next++);
            ByteRange range = part.range();
            if (range != null) {
                position = range.first();
                end = range.last() + 1;
            }
            ByteBuffer text = part.text();
            piece = text == null ? read() : text;
        } else {
            piece = read();
        }
        last = position == end && next == parts.size();
        exchange.response().write(last, piece, this);
        return Action.SCHEDULED;
    }

    private ByteBuffer read() throws IOException {
        ByteBuffer piece = bytes.at(position, end, this);
        position += piece.remaining();
        return piece;
    }

    @Override
    protected void onCompleteSuccess() {
        release();
        exchange.callback().succeeded();
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
        release();
        exchange.callback().failed(cause);
    }

    private void release() {
        bytes.close();
        RetainableByteBuffer mine = buffer;
        buffer = null;
        if (mine != null) {
            mine.release();
        }
    }
}
