package marina.server;

import marina.metrics.ContextMeter;
import marina.metrics.Journey;
import marina.metrics.TrafficMeter;
import marina.proxy.Abandoned;
import marina.tracing.Tracing;
import marina.valve.ReplayValve;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.NanoTime;
import org.eclipse.jetty.util.component.ContainerLifeCycle;

/**
 * Counts each request of a client when it is over, for the server and for its context, ends its span, and passes it on to the access log, whose
 * life cycle it keeps. Thread-safe.
 */
final class Finished extends ContainerLifeCycle implements RequestLog {
    private final TrafficMeter server;
    private final RequestLog next;

    /**
     * Counts for a server.
     *
     * @param next is told after that
     */
    Finished(TrafficMeter server, RequestLog next) {
        this.server = server;
        this.next = next;
        installBean(next);
    }

    @Override
    public void log(Request request, Response response) {
        Journey.Measured measured = Request.as(request, Journey.Measured.class);
        if (measured != null) { // what comes through the control socket is not
            Journey journey = measured.journey();
            int status = Abandoned.is(request) ? Abandoned.STATUS : response.getStatus();
            long nanos = NanoTime.since(request.getBeginNanoTime());
            journey.replied();
            count(request, response, journey, status, nanos);
            Tracing.end(request, journey, status, request.getAttribute(ReplayValve.DECISION));
        }
        next.log(request, response);
    }

    private void count(Request request, Response response, Journey journey, int status, long nanos) {
        long received = Request.getContentBytesRead(request);
        long sent = Response.getContentBytesWritten(response);
        boolean upgraded = status == HttpStatus.SWITCHING_PROTOCOLS_101
                || (HttpMethod.CONNECT.is(request.getMethod()) && HttpStatus.isSuccess(status));
        server.answered(status, nanos, received, sent, journey.waitedNanos(), upgraded);
        ContextMeter context = journey.context();
        if (context != null) {
            context.answered(status, nanos, received, sent, journey.waitedNanos(), upgraded);
        }
    }
}
