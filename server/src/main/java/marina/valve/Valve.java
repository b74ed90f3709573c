package marina.valve;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** A step that a request passes before its context. Thread-safe; must not block the thread that it is called on. */
@FunctionalInterface
public interface Valve {

    /**
     * Answers the request, or passes it on, perhaps changed and perhaps later on another thread.
     *
     * @return what {@code next} returned, or true when it was answered here or will be passed on later
     */
    boolean handle(Request request, Response response, Callback callback, Request.Handler next) throws Exception;
}
