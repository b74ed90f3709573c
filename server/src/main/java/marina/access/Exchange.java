package marina.access;

import java.util.concurrent.TimeUnit;
import marina.metrics.Journey;
import marina.proxy.Abandoned;
import marina.proxy.RequestId;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.NanoTime;
import org.jspecify.annotations.Nullable;

/**
 * What a line can say of a request that has been answered. What a WebSocket only knows at its end is left open: a mark stands in
 * its place until then. One thread.
 */
final class Exchange {
    private final Request request;
    private final Response response;
    private final Surroundings surroundings;
    private final @Nullable Marks marks;
    private final Journey journey;
    private Surroundings.@Nullable Place place;
    private boolean placed;

    /**
     * One that is over, or has become a WebSocket.
     *
     * @param marks stand for what is open; null when nothing is
     */
    Exchange(Request request, Response response, Surroundings surroundings, @Nullable Marks marks) {
        this.request = request;
        this.response = response;
        this.surroundings = surroundings;
        this.marks = marks;
        this.journey = Journey.of(request);
    }

    Request request() {
        return request;
    }

    Response response() {
        return response;
    }

    /** 499 for a client that has not waited. */
    int status() {
        return Abandoned.is(request) ? Abandoned.STATUS : response.getStatus();
    }

    /** Where it went; null where there is no context. */
    Surroundings.@Nullable Place place() {
        if (!placed) {
            placed = true;
            place = surroundings.place(request);
        }
        return place;
    }

    /** Who has answered; null when that is nobody in particular. */
    @Nullable
    String answer() {
        return surroundings.answer(request, response);
    }

    /** What was decided about its place in the fleet. */
    @Nullable
    String fleet() {
        return surroundings.decision(request);
    }

    @Nullable
    String session() {
        return surroundings.session(request, response);
    }

    @Nullable
    String sessionAttribute(String name) {
        Object value = surroundings.sessionAttribute(request, response, name);
        return value == null ? null : value.toString();
    }

    @Nullable
    String user() {
        var principal = Request.getAuthenticationState(request).getUserPrincipal();
        return principal == null ? null : principal.getName();
    }

    @Nullable
    String field(HttpHeader field) {
        return request.getHeaders().get(field);
    }

    @Nullable
    String id() {
        return request.getHeaders().get(RequestId.FIELD);
    }

    /** As numbers or marks. */
    String time(TimeUnit unit) {
        return marks != null ? marks.time(unit) : Long.toString(since(request.getBeginNanoTime(), unit));
    }

    String bytesOut() {
        return marks != null ? Marks.OUT : Long.toString(Response.getContentBytesWritten(response));
    }

    /** A dash for nothing. */
    String bytesOutOrDash() {
        return marks == null && Response.getContentBytesWritten(response) == 0 ? "-" : bytesOut();
    }

    String bytesIn() {
        return marks != null ? Marks.IN : Long.toString(Request.getContentBytesRead(request));
    }

    /** Milliseconds that it has waited for a start; -1 when it has not. */
    long waitMillis() {
        long nanos = journey.waitedNanos();
        return nanos == 0 ? -1 : TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    /** Milliseconds from handing it to a backend until the head of its answer, or until it has failed; -1 when it was not. */
    long upstreamMillis() {
        long nanos = journey.upstreamNanos();
        return nanos < 0 ? -1 : TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    /** Microseconds until the head of the answer was sent; -1 when nobody has looked. */
    long commitMicros() {
        return request.getAttribute(CommitTimes.ATTRIBUTE) instanceof Long at
                ? TimeUnit.NANOSECONDS.toMicros(at - request.getBeginNanoTime())
                : -1;
    }

    static long since(long nanos, TimeUnit unit) {
        return unit.convert(NanoTime.since(nanos), TimeUnit.NANOSECONDS);
    }
}
