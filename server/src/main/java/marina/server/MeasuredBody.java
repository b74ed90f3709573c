package marina.server;

import java.time.Duration;
import java.util.function.LongSupplier;
import marina.config.TrafficLimits.Pace;
import marina.proxy.BodyLength;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.NanoTime;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * A request whose body fails with 408 when it comes too slowly (slow POST). What counts is the time in which somebody wanted to
 * read and nothing was there: an application that takes its time is not the client's fault, and neither is another one that
 * has used up what the client may send on its connection of HTTP/2, nor the time in which this JVM stood still. Once the
 * answer has begun, the client may be waiting for it, and is measured no more. It is judged when bytes come; silence is the
 * idle time-out's matter.
 */
final class MeasuredBody extends Request.Wrapper {
    private final Response response;
    private final Pace pace;
    private final Pauses pauses;
    private final LongSupplier shutNanos;
    private final Wait wait = new Wait();
    private long received; // by the one reader that a body has, as all below
    private long waitedNanos;
    private Content.@Nullable Chunk refusal;

    private MeasuredBody(Request request, Response response, Pace pace, Pauses pauses) {
        super(request);
        this.response = response;
        this.pace = pace;
        this.pauses = pauses;
        this.shutNanos = SessionWindow.shutNanos(request.getConnectionMetaData().getConnection());
    }

    /** The request itself when it has no body, or may take its time. */
    static Request of(Request request, Response response, Pace pace, Pauses pauses) {
        boolean mayHaveBody = request.getLength() > 0 || BodyLength.isUnknown(request);
        boolean measured = pace.bytesPerSecond() > 0 && mayHaveBody;
        return measured ? new MeasuredBody(request, response, pace, pauses) : request;
    }

    @Override
    public Content.@Nullable Chunk read() {
        if (refusal != null) {
            return refusal;
        }
        Content.Chunk chunk = super.read();
        if (chunk == null || chunk.isLast() || Content.Chunk.isFailure(chunk)) {
            return chunk;
        }
        received += chunk.remaining();
        if (!pace.isMissed(received, Duration.ofNanos(waitedNanos)) || response.isCommitted()) {
            return chunk;
        }
        chunk.release();
        HttpException.RuntimeException tooSlow = new HttpException.RuntimeException(
                HttpStatus.REQUEST_TIMEOUT_408,
                "only " + received + " bytes of the body came in "
                        + Duration.ofNanos(waitedNanos).toSeconds() + " s");
        refusal = Content.Chunk.from(tooSlow, true);
        return refusal;
    }

    @Override
    public void demand(Runnable demandCallback) {
        if (refusal != null) {
            demandCallback.run();
            return;
        }
        wait.begin(demandCallback);
        super.demand(wait);
    }

    /** The time until something can be read. There is one demand at a time, so that one of these will do. */
    private final class Wait implements Invocable.Task {
        private Runnable reader = () -> {};
        private long since;
        private long excuses;

        void begin(Runnable demandCallback) {
            reader = demandCallback;
            excuses = excuses();
            since = NanoTime.now();
        }

        @Override
        public void run() {
            waitedNanos += Math.max(0, NanoTime.since(since) - (excuses() - excuses));
            reader.run();
        }

        /** What the client is not to blame for. */
        private long excuses() {
            return pauses.lostNanos() + shutNanos.getAsLong();
        }

        @Override
        public InvocationType getInvocationType() {
            return Invocable.getInvocationType(reader);
        }
    }
}
