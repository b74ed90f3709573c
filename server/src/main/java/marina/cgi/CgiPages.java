package marina.cgi;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers in place of a script, with an error status in the form that the client understands. May read a file. */
@FunctionalInterface
public interface CgiPages {

    /** Writes the answer and completes the callback. */
    void write(int status, Request request, Response response, Callback callback);
}
