package marina.login;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers with an error status, in the form that the client understands. */
@FunctionalInterface
public interface ErrorAnswer {

    /** Writes the answer and completes the callback. */
    void write(int status, Request request, Response response, Callback callback);
}
