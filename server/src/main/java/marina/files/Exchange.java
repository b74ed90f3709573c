package marina.files;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** A request, the response to it, and the one completion of both. */
record Exchange(Request request, Response response, Callback callback) {

    /** Answers with an error status; nothing that was said of a file is said of it. */
    void error(StatusAnswer errors, int status) {
        errors.write(status, request, response, callback);
    }
}
