package marina.console;

import java.util.Locale;
import java.util.regex.Pattern;
import marina.config.AdminConfig;
import org.eclipse.jetty.server.Request;

/**
 * Whether a request calls the admin listener by a name that is its own. A page of a stranger whose name suddenly leads to this
 * machine (DNS rebinding) calls it by that name; an address cannot be rebound.
 */
final class HostCheck {
    private static final Pattern ADDRESS = Pattern.compile("[0-9]+(\\.[0-9]+){3}|\\[?[0-9a-f:.]*:[0-9a-f:.]*]?");

    private HostCheck() {}

    static boolean knows(Request request, AdminConfig config) {
        String server = Request.getServerName(request);
        if (server == null || server.isEmpty()) {
            return true; // HTTP/1.0 without Host: no browser
        }
        String host = server.toLowerCase(Locale.ROOT);
        return host.equals("localhost")
                || host.endsWith(".localhost")
                || ADDRESS.matcher(host).matches()
                || config.hosts().contains(host)
                || config.listen().stream().anyMatch(address -> host.equalsIgnoreCase(address.host()));
    }
}
