package marina.valve;

import marina.config.RouteAction;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** What routes do besides sending the client, or the request, to another path. Each answers the request. Thread-safe. */
public interface RouteCases {

    /** Lets another server answer. */
    boolean upstream(
            RouteAction.Upstream upstream, RouteMatch match, Request request, Response response, Callback callback)
            throws Exception;

    /** Runs a script. */
    boolean cgi(RouteAction.Cgi cgi, Request request, Response response, Callback callback) throws Exception;
}
