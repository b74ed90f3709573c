package marina.connection;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/**
 * Reads the answers on one connection. The head is read by the selector's thread; from there on whoever has the body reads, and nobody else:
 * what is not wanted stays in the socket.
 */
final class AnswerReader implements Content.Source {
    private static final int USUAL_BUFFER = 16 * 1024;
    /** The largest that the pool of buffers keeps. */
    private static final int LARGE_BUFFER = 64 * 1024;

    /** Who reads. */
    private enum Phase {
        NOBODY,
        HEAD,
        BODY
    }

    private final BackendConnection connection;
    private final EndPoint endPoint;
    private final AnswerParser parser = new AnswerParser();
    private @Nullable RetainableByteBuffer input;
    private int bufferSize = USUAL_BUFFER;
    private Phase phase = Phase.NOBODY;
    private @Nullable Call call;
    private Content.Chunk last = Content.Chunk.EOF;
    private volatile @Nullable Runnable demanded;

    AnswerReader(BackendConnection connection, EndPoint endPoint) {
        this.connection = connection;
        this.endPoint = endPoint;
    }

    /** Prepares for the answer to a call that has not been sent yet. */
    void begin(Call next) {
        parser.begin(HttpMethod.HEAD.is(next.head().method()));
        call = next;
        bufferSize = USUAL_BUFFER;
        phase = Phase.HEAD;
    }

    /** There is something to read, or the connection has failed. */
    void readable(@Nullable Throwable failure) {
        if (failure != null) {
            parser.failed(failure);
        }
        Runnable reader = demanded;
        if (reader != null) {
            demanded = null;
            reader.run();
        } else if (phase == Phase.HEAD) {
            readHead();
        }
    }

    private void readHead() {
        Call asked = call;
        if (asked == null) {
            return;
        }
        try {
            boolean more = true;
            while (more) {
                parse(asked);
                Answer head = parser.takeHead();
                if (head != null) {
                    more = gotHead(asked, head);
                } else if (fill() == 0) {
                    releaseInput();
                    connection.awaitReadable();
                    return;
                }
            }
        } catch (Throwable x) {
            if (call == asked) { // else it is over, and the next one has begun
                finish(x);
            }
        }
    }

    /** Whether another head follows. When this returns the call may be over, and the next one have begun. */
    private boolean gotHead(Call asked, Answer head) throws IOException {
        int status = head.status();
        if (status == HttpStatus.SWITCHING_PROTOCOLS_101) {
            asked.listener().switched(head, endPoint);
            phase = Phase.NOBODY;
            return false;
        }
        if (HttpStatus.isInformational(status)) {
            interim(asked, head);
            return true;
        }
        phase = Phase.BODY;
        asked.listener().answered(head, this);
        return false;
    }

    private void interim(Call asked, Answer head) throws IOException {
        parse(asked); // its end
        parser.next();
        if (head.status() == HttpStatus.CONTINUE_100) {
            asked.goOn();
        } else {
            asked.listener().interim(head.status(), head.fields());
        }
    }

    /** Goes on as far as the bytes suffice; tells the call when its answer has begun, even if that is malformed then. */
    private void parse(Call asked) throws IOException {
        RetainableByteBuffer buffer = input;
        try {
            parser.parse(buffer == null ? BufferUtil.EMPTY_BUFFER : buffer.getByteBuffer());
        } finally {
            if (parser.hasBegun()) {
                asked.replied();
            }
        }
    }

    /** Reads from the socket; 0 when there is nothing at the moment. The end of the input is for the parser to judge. */
    private int fill() throws IOException {
        RetainableByteBuffer buffer = input;
        if (buffer != null && buffer.isRetained()) {
            releaseInput();
            buffer = null;
        }
        if (buffer == null) {
            buffer = connection.buffers().acquire(bufferSize, true);
            input = buffer;
        }
        int filled = endPoint.fill(buffer.getByteBuffer());
        if (filled < 0) {
            if (parser.isAtEnd()) {
                throw new EofException("the backend has closed the connection");
            }
            parser.atEnd();
        } else if (filled == USUAL_BUFFER) {
            bufferSize = LARGE_BUFFER; // more will come
        }
        return filled;
    }

    @Override
    public Content.@Nullable Chunk read() {
        Call asked = call;
        if (phase != Phase.BODY || asked == null) {
            return last;
        }
        Throwable aborted = asked.failure();
        if (aborted != null) {
            return fails(aborted);
        }
        try {
            while (true) {
                parse(asked);
                ByteBuffer piece = parser.takeContent();
                if (piece != null) {
                    return chunk(piece);
                }
                if (parser.isComplete()) {
                    finish(null);
                    return Content.Chunk.EOF;
                }
                if (fill() == 0) {
                    releaseInput();
                    return null;
                }
            }
        } catch (Throwable x) {
            return fails(x);
        }
    }

    private Content.Chunk chunk(ByteBuffer piece) {
        RetainableByteBuffer buffer = Objects.requireNonNull(input);
        buffer.retain();
        return Content.Chunk.asChunk(piece, false, buffer);
    }

    private Content.Chunk fails(Throwable failure) {
        finish(failure);
        return last;
    }

    @Override
    public void demand(Runnable demandCallback) {
        if (phase != Phase.BODY) {
            demandCallback.run();
            return;
        }
        demanded = demandCallback;
        connection.awaitReadable();
    }

    @Override
    public void fail(Throwable failure) {
        finish(failure);
    }

    /** Nobody reads this answer any more. */
    private void finish(@Nullable Throwable failure) {
        Call asked = call;
        if (phase == Phase.NOBODY || asked == null) {
            return;
        }
        phase = Phase.NOBODY;
        last = failure == null ? Content.Chunk.EOF : Content.Chunk.from(failure, true);
        connection.answerDone(asked, failure);
    }

    /** Whether the connection can be used once more: the answer allows it, and nothing follows that was not asked for. */
    boolean isReusable() {
        RetainableByteBuffer rest = input;
        return parser.isPersistent() && (rest == null || !rest.hasRemaining());
    }

    /** Both sides of the call are done. */
    void end() {
        call = null;
        releaseInput();
    }

    /** What has been read behind the head of a change of protocol; null for nothing. */
    @Nullable
    ByteBuffer takeRest() {
        RetainableByteBuffer rest = input;
        ByteBuffer copy = rest == null || !rest.hasRemaining() ? null : BufferUtil.copy(rest.getByteBuffer());
        releaseInput();
        return copy;
    }

    private void releaseInput() {
        RetainableByteBuffer buffer = input;
        input = null;
        if (buffer != null) {
            buffer.release();
        }
    }
}
