package marina.proxy;

import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.server.Request;

/**
 * A request that may be a use of the machine: one that an application answers is, one that is turned away is not. While nobody
 * uses it, the machine may go to sleep. Thread-safe.
 */
public interface Visit {

    /** It is a use, from now to its end. */
    void begin();

    /** Its connection may become a WebSocket or the like; then it is a use until this completes. */
    void upgrade(CompletableFuture<Void> until);

    /** Says that an application answers a request from here on. Costs no more than a walk through its wrappers. */
    static void mark(Request request) {
        Visit visit = Request.as(request, Visit.class);
        if (visit != null) {
            visit.begin();
        }
    }

    /**
     * Says that an exchange goes on until this completes, upgraded connections included. Of others than those it costs no more
     * than the same walk.
     */
    static void exchange(Request request, CompletableFuture<Void> until) {
        if (until.isDone()) {
            return;
        }
        Visit visit = Request.as(request, Visit.class);
        if (visit != null) {
            visit.upgrade(until);
        }
    }
}
