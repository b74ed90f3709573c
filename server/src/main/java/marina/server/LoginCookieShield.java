package marina.server;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import marina.config.AccessConfig;
import marina.config.ContextConfig;
import marina.config.LoginConfig;
import marina.config.ServerConfig;
import marina.login.HiddenCookies;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * Takes the cookies of logins out of requests, so that no application can use them elsewhere. Browsers send a cookie to its path and
 * to all below it, also to contexts that have another login or none; elsewhere a cookie of that name is the application's own. Thread-safe.
 */
final class LoginCookieShield {
    private final Map<String, Set<String>> names = new HashMap<>();

    LoginCookieShield(ServerConfig config) {
        Stream.concat(
                        Stream.of(config.access()),
                        config.contexts().values().stream().map(ContextConfig::access))
                .map(AccessConfig::auth)
                .map(auth -> auth.login())
                .filter(LoginConfig::enabled)
                .forEach(login -> names.computeIfAbsent(prefix(login), path -> new HashSet<>())
                        .add(login.session().cookie()));
    }

    /** Looks at each folder of the path, however many logins there are. */
    Request hide(Request request) {
        String path = Request.getPathInContext(request);
        if (names.isEmpty() || path == null || !request.getHeaders().contains(HttpHeader.COOKIE)) {
            return request;
        }
        Request hidden = hide(request, "");
        for (int end = path.indexOf('/', 1); end > 0; end = path.indexOf('/', end + 1)) {
            hidden = hide(hidden, path.substring(0, end));
        }
        return hide(hidden, path);
    }

    private Request hide(Request request, String prefix) {
        Set<String> here = names.get(prefix);
        return here == null ? request : HiddenCookies.hide(request, here);
    }

    private static String prefix(LoginConfig login) {
        return login.prefix().isRoot() ? "" : login.prefix().value();
    }
}
