package marina.valve;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Lets users in. Thread-safe. */
interface Gate {

    /** What needs no user. */
    PublicPaths publicPaths();

    /**
     * Answers a request that is for the gate itself, such as the page of a login.
     *
     * @return false, with nothing done, when it is not
     */
    boolean answer(Request request, Response response, Callback callback) throws Exception;

    /** Whether a canonical path is one that is answered here. */
    boolean hasPage(String path);

    /** Passes on a request of a user, whatever its path; all others are told how to become one. */
    boolean ask(Request request, Response response, Callback callback, Request.Handler next) throws Exception;
}
