package marina.cgi;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * One request for a script.
 *
 * @param script answers
 * @param scriptName the part of the canonical path that names the script; what comes behind it is PATH_INFO
 * @param again answers a request for another path of this server, to which the script has sent this one
 */
public record CgiCall(
        CgiScript script,
        String scriptName,
        Request request,
        Response response,
        Callback callback,
        Request.Handler again) {

    /** The same call of a request that has been passed on. */
    public CgiCall on(Request other, Response answer, Callback end) {
        return new CgiCall(script, scriptName, other, answer, end, again);
    }

    /** The same call with another callback. */
    CgiCall with(Callback other) {
        return on(request, response, other);
    }
}
