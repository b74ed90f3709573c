package marina.proxy;

import java.util.function.Consumer;
import org.eclipse.jetty.server.Request;

/**
 * A request whose server looks now and then whether the client is still there. Jetty notices that only where it reads or
 * writes, and a client of HTTP/1.1 that waits for its answer does neither. Thread-safe.
 */
public interface ClientWatch {

    /**
     * Has the client watched from now on.
     *
     * @param whenLeft told on a thread that must not be blocked, or at once when the client has left before; takes the place
     *     of the one before, because a request is in one hand at a time
     */
    void watch(Consumer<Throwable> whenLeft);

    /** Ends a watch, if nobody else has taken its place meanwhile: then nobody is told any more. */
    void unwatch(Consumer<Throwable> whenLeft);

    /** Ends what {@link #on} has begun; whoever waits no longer is to do so before it hands the request on. */
    static void end(Request request, Consumer<Throwable> whenLeft) {
        ClientWatch watch = Request.as(request, ClientWatch.class);
        if (watch != null) {
            watch.unwatch(whenLeft);
        }
    }

    /** Has somebody told when the client has left, by whatever means that shows. May be told twice. */
    static void on(Request request, Consumer<Throwable> whenLeft) {
        request.addFailureListener(whenLeft);
        ClientWatch watch = Request.as(request, ClientWatch.class);
        if (watch != null) {
            watch.watch(whenLeft);
        }
    }
}
