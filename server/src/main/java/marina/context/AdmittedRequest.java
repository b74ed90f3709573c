package marina.context;

import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.server.Request;

/** A request that has one of the places of its context, until it leaves it. Thread-safe. */
final class AdmittedRequest extends Request.Wrapper {
    private final Runnable onLeave;
    private final AtomicBoolean left = new AtomicBoolean();

    AdmittedRequest(Request request, Runnable onLeave) {
        super(request);
        this.onLeave = onLeave;
    }

    /** Gives the place to the next in line; only the first call counts. */
    void leave() {
        if (left.compareAndSet(false, true)) {
            onLeave.run();
        }
    }

    /** Has a request leave the place that it has, if it has one: it is about to go on to another context, or to this one again. */
    static void leave(Request request) {
        AdmittedRequest admitted = Request.as(request, AdmittedRequest.class);
        if (admitted != null) {
            admitted.leave();
        }
    }
}
