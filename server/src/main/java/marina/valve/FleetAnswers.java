package marina.valve;

import marina.fleet.Place;
import marina.proxy.ForwardTarget;
import marina.proxy.TargetWatch;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** What a request gets that belongs to another machine. Thread-safe. */
public interface FleetAnswers {

    /** Why a request is not answered by an application. */
    enum Reason {
        /** Nobody was reached at its place: 503, to be tried again. */
        UNREACHED,
        /** Machines do not agree where it belongs: 508. */
        LOOP,
        /** Its place does not exist: 404. */
        ABSENT,
        /** What it says of its way is not signed: 403. */
        REFUSED
    }

    /** Writes a page and completes the callback. */
    void page(Reason reason, Request request, Response response, Callback callback);

    /**
     * Lets another machine answer; always completes the callback.
     *
     * @param watch may take the request over when that machine does not answer
     */
    void forward(
            Place place,
            ForwardTarget target,
            TargetWatch watch,
            Request request,
            Response response,
            Callback callback);
}
