package marina.server;

import java.util.function.Supplier;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Lets the console answer at {@code admin.path} on the addresses of the server, whatever is mounted there. Thread-safe. */
final class ConsolePath extends Handler.Wrapper {
    private final Supplier<String> path;
    private final Administration admin;

    /**
     * A path of the console.
     *
     * @param path without a slash at the end; empty for nowhere
     */
    ConsolePath(Supplier<String> path, Administration admin, Handler next) {
        super(next);
        this.path = path;
        this.admin = admin;
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String prefix = path.get();
        if (!prefix.isEmpty()) {
            String asked = Request.getPathInContext(request);
            boolean below = asked != null
                    && asked.startsWith(prefix)
                    && (asked.length() == prefix.length() || asked.charAt(prefix.length()) == '/');
            if (below) {
                return admin.console(prefix, request, response, callback);
            }
        }
        return super.handle(request, response, callback);
    }
}
