package marina.server;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import marina.login.HiddenCookies;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Lets the console answer at {@code admin.path} on the addresses of the server, whatever is mounted there. Thread-safe. */
final class ConsolePath extends Handler.Wrapper {
    /** What the names of their cookies begin with. */
    private static final String SESSIONS = "marina_console_";

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

    /** Browsers send cookies of the console to all ports of a host: no application gets to see them. */
    private static Request withoutSessions(Request request) {
        Set<String> names = new HashSet<>();
        for (HttpField field : request.getHeaders()) {
            String value = field.getHeader() == HttpHeader.COOKIE ? field.getValue() : null;
            if (value != null && value.contains(SESSIONS)) {
                for (String cookie : value.split(";", -1)) {
                    String name = cookie.split("=", 2)[0].strip();
                    if (name.startsWith(SESSIONS)) {
                        names.add(name);
                    }
                }
            }
        }
        return HiddenCookies.hide(request, names);
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
        return super.handle(withoutSessions(request), response, callback);
    }
}
