package marina.proxy;

import java.util.function.Consumer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.IteratingCallback;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * Moves the body of an answer from backend to client, each piece as it comes, without a copy, and the next one only
 * when the one before has been written. Piece and end go out in one write when they came together.
 */
final class ResponsePump extends IteratingCallback {

    private final Content.Source source;
    private final Response clientResponse;
    private final Consumer<@Nullable Throwable> done;
    private final Runnable resume = Invocable.from(InvocationType.NON_BLOCKING, this::iterate);
    private Content.@Nullable Chunk writing;
    private Content.@Nullable Chunk ahead;
    private final boolean headFirst;
    private boolean headersSent;
    private boolean ended;

    /**
     * @param headFirst whether the head goes by itself: Jetty adds a length to one that is written together with the end
     * @param done called once, when the last byte has been written (null) or with the failure of either side
     */
    ResponsePump(
            Content.Source source, Response clientResponse, boolean headFirst, Consumer<@Nullable Throwable> done) {
        this.source = source;
        this.clientResponse = clientResponse;
        this.headFirst = headFirst;
        this.done = done;
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    @Override
    protected Action process() throws Throwable {
        if (ended) {
            return Action.SUCCEEDED;
        }
        if (headFirst && !headersSent) {
            return sendHead();
        }
        Content.Chunk chunk = ahead != null ? ahead : source.read();
        ahead = null;
        if (chunk == null) {
            return waitForMore();
        }
        if (Content.Chunk.isFailure(chunk)) {
            throw chunk.getFailure();
        }
        writing = chunk;
        ended = chunk.isLast() || endFollows();
        headersSent = true;
        clientResponse.write(ended, chunk.getByteBuffer(), this);
        return Action.SCHEDULED;
    }

    private Action waitForMore() {
        if (!headersSent) {
            // The client must see the head of an event stream before its first event.
            return sendHead();
        }
        source.demand(resume);
        return Action.IDLE;
    }

    private Action sendHead() {
        headersSent = true;
        clientResponse.write(false, BufferUtil.EMPTY_BUFFER, this);
        return Action.SCHEDULED;
    }

    private boolean endFollows() {
        Content.Chunk next = source.read();
        if (next != null && next.isLast() && !next.hasRemaining() && !Content.Chunk.isFailure(next)) {
            next.release();
            return true;
        }
        ahead = next;
        return false;
    }

    @Override
    protected void onSuccess() {
        releaseWritten();
    }

    @Override
    protected void onCompleteSuccess() {
        done.accept(null);
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
        releaseWritten();
        Content.Chunk unwritten = ahead;
        ahead = null;
        if (unwritten != null) {
            unwritten.release();
        }
        done.accept(cause);
    }

    private void releaseWritten() {
        Content.Chunk written = writing;
        writing = null;
        if (written != null) {
            written.release();
        }
    }
}
