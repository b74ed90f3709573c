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

    /** It is a use beyond its end, until this completes. */
    void hold(CompletableFuture<Void> until);

    /** Says that an application answers a request from here on. Costs no more than a walk through its wrappers. */
    static void mark(Request request) {
        Visit visit = Request.as(request, Visit.class);
        if (visit != null) {
            visit.begin();
        }
    }

    /** Says that an exchange goes on until this completes, upgraded connections included. */
    static void mark(Request request, CompletableFuture<Void> until) {
        Visit visit = Request.as(request, Visit.class);
        if (visit != null) {
            visit.hold(until);
        }
    }
}
