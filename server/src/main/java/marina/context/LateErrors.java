package marina.context;

import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * The answer to a request that may outlast its WAR. A WAR that has stopped has no error pages any more, and Jetty's own
 * would show the client what was thrown: its errors become a 503. What it answers well goes through. Used by one
 * exchange.
 */
final class LateErrors extends Response.Wrapper {
    private final BooleanSupplier stopped;
    private final StatusPages pages;
    private boolean replaced;

    /**
     * Around an answer that has not begun.
     *
     * @param stopped whether the WAR has no pages any more
     */
    LateErrors(Request request, Response response, BooleanSupplier stopped, StatusPages pages) {
        super(request, response);
        this.stopped = stopped;
        this.pages = pages;
    }

    @Override
    public void write(boolean last, ByteBuffer content, Callback callback) {
        if (replaced) {
            callback.succeeded();
        } else if (!HttpStatus.isServerError(getStatus()) || isCommitted() || !stopped.getAsBoolean()) {
            super.write(last, content, callback);
        } else {
            replaced = true;
            getHeaders().remove(HttpHeader.CONTENT_ENCODING);
            pages.error(HttpStatus.SERVICE_UNAVAILABLE_503, getRequest(), getWrapped(), callback);
        }
    }
}
