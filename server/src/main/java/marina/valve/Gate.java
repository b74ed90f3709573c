package marina.valve;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** A valve that lets users in, and everybody where it is public. Thread-safe. */
interface Gate extends Valve {

    /** Passes on users only, even where a path is public. */
    boolean ask(Request request, Response response, Callback callback, Request.Handler next) throws Exception;
}
