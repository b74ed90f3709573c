package marina.context;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import marina.fleet.Place;
import marina.proxy.ForwardTarget;
import marina.proxy.Forwarder;
import marina.proxy.TargetWatch;
import marina.proxy.Visit;
import marina.valve.FleetAnswers;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers requests that belong to other machines: with pages, or by letting those machines answer. Thread-safe. */
public final class PlaceAnswers implements FleetAnswers {
    private final StatusPages pages;
    private final Forwarder forwarder;
    private final Map<Place, UpstreamAlarm> alarms = new ConcurrentHashMap<>(); // places are those of the configuration

    /** With the pages and the connections of a server. */
    public PlaceAnswers(StatusPages pages, Forwarder forwarder) {
        this.pages = pages;
        this.forwarder = forwarder;
    }

    @Override
    public void page(Reason reason, Request request, Response response, Callback callback) {
        pages.elsewhere(reason, request, response, callback);
    }

    @Override
    public void forward(
            Place place,
            ForwardTarget target,
            TargetWatch watch,
            Request request,
            Response response,
            Callback callback) {
        alarms.computeIfAbsent(place, one -> new UpstreamAlarm("Fleet: " + one, target.origin()))
                .watch(request);
        Visit.mark(request);
        Visit.exchange(request, forwarder.forward(target, new Told(watch), request, response, callback));
    }

    /** The operator is told of a failure even when somebody else answers. */
    private record Told(TargetWatch watch) implements TargetWatch {
        @Override
        public void answered(int status, HttpFields.Mutable clientFields) {
            watch.answered(status, clientFields);
        }

        @Override
        public boolean failed(Failure failure, Request request, Response response, Callback callback) {
            UpstreamAlarm.failed(request, failure.cause());
            return watch.failed(failure, request, response, callback);
        }
    }
}
