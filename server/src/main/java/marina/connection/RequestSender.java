package marina.connection;

import java.io.IOException;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpGenerator;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.IteratingCallback;
import org.eclipse.jetty.util.StringUtil;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * Writes the request of one call: its head together with the first piece of its body, then each piece as it comes, without a copy. The body
 * is framed by its length where that is known, else in chunks (RFC 9112 section 7.1).
 */
final class RequestSender extends IteratingCallback {
    private static final int USUAL_HEAD = 4 * 1024;
    private static final int LARGEST_HEAD = 64 * 1024;
    private static final byte[] HTTP_1_1 = " HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] LAST_CHUNK = {'0', '\r', '\n'};

    /** What is to be written next. */
    private enum Step {
        HEAD,
        /** Nothing before the backend has said 100, or somebody in its place. */
        WORD,
        BODY,
        NOTHING
    }

    private final BackendConnection connection;
    private final EndPoint endPoint;
    private final Call call;
    private final @Nullable RequestBody body;
    private final long length;
    private final Runnable resume = Invocable.from(InvocationType.NON_BLOCKING, this::resume);
    private final List<ByteBuffer> pieces = new ArrayList<>(4);
    private Step step = Step.HEAD;
    private long sent;
    private @Nullable RetainableByteBuffer head;
    private Content.@Nullable Chunk chunk;
    private boolean clientFailed;
    private volatile boolean awaitsWord;
    private volatile boolean demanding;
    private volatile boolean unwanted;

    RequestSender(BackendConnection connection, Call call) {
        this.connection = connection;
        this.endPoint = connection.getEndPoint();
        this.call = call;
        this.body = call.body();
        this.length = body == null ? 0 : body.getLength();
    }

    /** The answer is there; a body that has not been asked for is not wanted any more. */
    void answered() {
        unwanted = true;
        lookForWord();
    }

    /** Perhaps it may go on. */
    void lookForWord() {
        if (awaitsWord) {
            iterate();
        }
    }

    private void resume() {
        demanding = false;
        iterate();
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    @Override
    protected Action process() throws Throwable {
        Throwable aborted = call.failure();
        if (aborted != null) {
            throw aborted;
        }
        return switch (step) {
            case HEAD -> head();
            case WORD -> word();
            case BODY -> body();
            case NOTHING -> Action.SUCCEEDED;
        };
    }

    private Action head() throws Throwable {
        RetainableByteBuffer written = newHead();
        head = written;
        pieces.add(written.getByteBuffer());
        if (body == null) {
            step = Step.NOTHING;
        } else if (call.mayGoOn()) {
            step = Step.BODY;
            Content.Chunk first = body.read();
            if (first != null) {
                add(first);
            }
        } else {
            step = Step.WORD;
        }
        return write();
    }

    private Action word() throws Throwable {
        awaitsWord = true; // before it looks
        if (call.mayGoOn()) {
            awaitsWord = false;
            step = Step.BODY;
            return body();
        }
        return unwanted ? Action.SUCCEEDED : Action.IDLE;
    }

    private Action body() throws Throwable {
        RequestBody source = body;
        if (demanding) {
            return Action.IDLE;
        }
        while (source != null && pieces.isEmpty()) {
            Content.Chunk next = source.read();
            if (next == null) {
                demanding = true;
                source.demand(resume);
                return Action.IDLE;
            }
            add(next);
            if (pieces.isEmpty()) {
                release();
                if (step == Step.NOTHING) {
                    return Action.SUCCEEDED;
                }
            }
        }
        return write();
    }

    private Action write() {
        ByteBuffer[] all = pieces.toArray(ByteBuffer[]::new);
        pieces.clear();
        endPoint.write(this, all);
        return Action.SCHEDULED;
    }

    /** Frames a piece of the body. */
    private void add(Content.Chunk next) throws Throwable {
        if (Content.Chunk.isFailure(next)) {
            clientFailed = true;
            throw next.getFailure();
        }
        chunk = next;
        ByteBuffer bytes = next.getByteBuffer();
        sent += bytes.remaining();
        if (length >= 0 && (sent > length || (next.isLast() && sent < length))) {
            throw new IOException("the body of the request is not as long as it said: " + length + " bytes");
        }
        if (bytes.hasRemaining()) {
            if (length < 0) {
                pieces.add(ByteBuffer.wrap(
                        (Integer.toHexString(bytes.remaining()) + "\r\n").getBytes(StandardCharsets.US_ASCII)));
            }
            pieces.add(bytes);
            if (length < 0) {
                pieces.add(ByteBuffer.wrap(CRLF));
            }
        }
        if (next.isLast()) {
            step = Step.NOTHING;
            if (length < 0) {
                pieces.add(end());
            }
        }
    }

    private ByteBuffer end() {
        HttpFields trailers = body == null ? null : body.trailers();
        if (trailers == null || trailers.size() == 0) {
            return ByteBuffer.wrap("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        ByteBuffer buffer = BufferUtil.allocate(LARGEST_HEAD);
        BufferUtil.clearToFill(buffer);
        buffer.put(LAST_CHUNK);
        for (HttpField field : trailers) {
            HttpGenerator.putTo(field, buffer);
        }
        buffer.put(CRLF);
        BufferUtil.flipToFlush(buffer, 0);
        return buffer;
    }

    private RetainableByteBuffer newHead() throws IOException {
        for (int size = USUAL_HEAD; size <= LARGEST_HEAD; size *= 16) {
            RetainableByteBuffer buffer = connection.buffers().acquire(size, true);
            try {
                ByteBuffer bytes = buffer.getByteBuffer();
                BufferUtil.clearToFill(bytes);
                put(bytes);
                BufferUtil.flipToFlush(bytes, 0);
                return buffer;
            } catch (BufferOverflowException tooLarge) {
                buffer.release();
            }
        }
        throw new IOException("the head of the request is larger than " + LARGEST_HEAD + " bytes");
    }

    private void put(ByteBuffer bytes) {
        RequestHead request = call.head();
        bytes.put(StringUtil.getBytes(request.method()));
        bytes.put((byte) ' ');
        bytes.put(StringUtil.getBytes(request.target()));
        bytes.put(HTTP_1_1);
        for (HttpField field : request.fields()) {
            HttpGenerator.putTo(field, bytes);
        }
        bytes.put(CRLF);
    }

    @Override
    protected void onSuccess() {
        release();
    }

    @Override
    protected void onCompleteSuccess() {
        boolean whole = step == Step.NOTHING;
        if (body != null && whole) {
            body.delivered();
        }
        connection.requestDone(call, whole);
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
        release();
        if (body != null && !clientFailed) {
            body.fail(cause);
        }
        connection.requestFailed(call, cause, clientFailed);
    }

    private void release() {
        RetainableByteBuffer sentHead = head;
        head = null;
        if (sentHead != null) {
            sentHead.release();
        }
        Content.Chunk sentChunk = chunk;
        chunk = null;
        if (sentChunk != null) {
            sentChunk.release();
        }
    }
}
