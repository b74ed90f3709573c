package marina.server;

import marina.context.StatusPages;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Error answers that Jetty itself gives, for example to a malformed request: the status and nothing else. */
record CleanErrors(FrontGuard guard, StatusPages pages) implements Request.Handler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        guard.changeHeads(request); // what is malformed has not passed the door
        pages.error(response.getStatus(), request, response, callback);
        return true;
    }
}
