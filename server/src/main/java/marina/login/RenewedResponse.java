package marina.login;

import java.nio.ByteBuffer;
import java.util.Locale;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * A response that brings the renewed cookie of a session, unless it says that caches may keep it for everybody. One writer at a
 * time, as every response.
 */
final class RenewedResponse extends Response.Wrapper {
    private final Runnable addCookie;
    private boolean decided;

    RenewedResponse(Request request, Response wrapped, Runnable addCookie) {
        super(request, wrapped);
        this.addCookie = addCookie;
    }

    @Override
    public void write(boolean last, ByteBuffer content, Callback callback) {
        if (!decided) {
            decided = true;
            decide();
        }
        super.write(last, content, callback);
    }

    /** Another answer will take the place of this one, whose head has not been sent. */
    @Override
    public void reset() {
        super.reset();
        decided = false;
    }

    private void decide() {
        HttpFields.Mutable headers = getHeaders();
        boolean shared = headers.getValuesList(HttpHeader.CACHE_CONTROL).stream()
                .map(value -> value.toLowerCase(Locale.ROOT))
                .anyMatch(value -> value.contains("public") || value.contains("s-maxage"));
        if (shared || isCommitted()) {
            return; // the next request brings it
        }
        if (!headers.contains(HttpHeader.CACHE_CONTROL)) {
            headers.put(HttpHeader.CACHE_CONTROL, "private");
        }
        addCookie.run();
    }
}
