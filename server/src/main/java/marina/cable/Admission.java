package marina.cable;

import java.net.InetSocketAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import marina.config.CableConfig;
import marina.user.Clients;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who may open a socket. Tells the operator of foreign pages, which may be the operator's own. Thread-safe. */
final class Admission {
    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);
    private static final long REPORT_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int LONGEST_ORIGIN = 100;

    private final ConcurrentMap<Long, Integer> sockets = new ConcurrentHashMap<>();
    private volatile long toldAt = System.nanoTime() - 2 * REPORT_NANOS; // of two threads either may tell

    /**
     * The status that a request is refused with; 0 when it may enter.
     *
     * @param open how many sockets there are
     */
    int refusal(CableConfig config, Request request, int open) {
        if (!Origins.mayOpen(request, config.origins())) {
            String origin = request.getHeaders().get(HttpHeader.ORIGIN);
            tell(
                    "No cable for a page of {}; if it is yours, add it to cable.origins",
                    origin.substring(0, Math.min(origin.length(), LONGEST_ORIGIN)));
            return HttpStatus.FORBIDDEN_403;
        }
        int most = config.limits().socketsPerAddress();
        if (most > 0 && sockets.getOrDefault(client(request), 0) >= most) {
            tell(
                    "No more sockets for {}, which has {}; if that is a proxy, add it to trusted_proxies, else raise"
                            + " cable.max_sockets_per_address",
                    Request.getRemoteAddr(request),
                    most);
            return HttpStatus.SERVICE_UNAVAILABLE_503;
        }
        return open >= config.limits().sockets() ? HttpStatus.SERVICE_UNAVAILABLE_503 : 0;
    }

    /** Who asks; all who come through a Unix socket are one. */
    static long client(Request request) {
        return request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress inet
                        && inet.getAddress() != null
                ? Clients.key(inet.getAddress())
                : 0;
    }

    /** A client has a socket more. */
    void entered(long client) {
        sockets.merge(client, 1, Integer::sum);
    }

    /** A client has a socket less. */
    void left(long client) {
        sockets.computeIfPresent(client, (same, open) -> open > 1 ? open - 1 : null);
    }

    /** Once a minute: whoever asks often is not to fill the log. */
    private void tell(String message, Object... details) {
        long now = System.nanoTime();
        if (now - toldAt > REPORT_NANOS) {
            toldAt = now;
            LOG.info(message, details);
        }
    }
}
