package marina.context;

import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** A request whose body fails with 413 as soon as it is longer than it may be, whatever its head said. */
final class LimitedBody extends Request.Wrapper {
    private final long most;
    private long seen; // by the one reader that a body has
    private Content.@Nullable Chunk refusal;

    private LimitedBody(Request request, long most) {
        super(request);
        this.most = most;
    }

    /**
     * The request with its body limited.
     *
     * @param most bytes; 0 means no limit
     */
    static Request of(Request request, long most) {
        return most == 0 || request.getLength() == 0 ? request : new LimitedBody(request, most);
    }

    @Override
    public Content.@Nullable Chunk read() {
        if (refusal != null) {
            return refusal;
        }
        Content.Chunk chunk = super.read();
        if (chunk == null || Content.Chunk.isFailure(chunk)) {
            return chunk;
        }
        seen += chunk.remaining();
        if (seen <= most) {
            return chunk;
        }
        chunk.release();
        HttpException.RuntimeException tooLong = new HttpException.RuntimeException(
                HttpStatus.PAYLOAD_TOO_LARGE_413, "the body is longer than " + most + " bytes");
        refusal = Content.Chunk.from(tooLong, true);
        return refusal;
    }

    @Override
    public void demand(Runnable demandCallback) {
        if (refusal != null) {
            demandCallback.run();
        } else {
            super.demand(demandCallback);
        }
    }
}
