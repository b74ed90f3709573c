package marina.proxy;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers with a file that a backend has named in place of a body (X-Sendfile, X-Accel-Redirect). Thread-safe. */
@FunctionalInterface
public interface NamedFiles {
    /** For backends that may name none: the fields are taken out of their answers. */
    NamedFiles NONE = (name, request, response, callback) -> {
        throw new IllegalStateException("no file may be named");
    };

    /**
     * Sends the file, or an error status when it is not there or out of bounds. Status and fields of the response are those
     * of the backend; it is not committed.
     *
     * @param name as the backend wrote it
     */
    void send(String name, Request request, Response response, Callback callback);
}
