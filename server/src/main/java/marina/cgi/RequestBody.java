package marina.cgi;

import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The body of a request on its way to the standard input of a script. */
interface RequestBody {

    /** A request without one. */
    RequestBody NONE = new NoBody();

    /** Bytes; 0 for none. */
    long length();

    /**
     * Begins to write it, and closes the input behind its end. A script that does not read all of it is no failure. Never
     * blocks; to be called once.
     *
     * @param failed told once, when the client has not sent all of it
     */
    void begin(OutputStream input, Consumer<Throwable> failed);

    /**
     * The answer is complete: what is still to come from the client is thrown away. It need not have begun.
     *
     * @return completes when nothing is to come any more
     */
    CompletableFuture<Void> rest();

    /** Nothing is left of the script: whoever still writes to its input stops, even if a stranger keeps that open. */
    void scriptGone();

    /** Lets go of what it holds. */
    void close();
}
