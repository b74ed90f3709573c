package marina.files;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers with an error status where there is no file to answer with. */
@FunctionalInterface
public interface StatusAnswer {

    /** Writes the answer and completes the callback. */
    void write(int status, Request request, Response response, Callback callback);
}
