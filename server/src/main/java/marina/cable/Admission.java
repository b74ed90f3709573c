package marina.cable;

import java.util.concurrent.TimeUnit;
import marina.config.CableConfig;
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

    private volatile long toldAt = System.nanoTime() - 2 * REPORT_NANOS; // of two threads either may tell

    /**
     * The status that a request is refused with; 0 when it may enter.
     *
     * @param open how many sockets there are
     */
    int refusal(CableConfig config, Request request, int open) {
        if (!Origins.mayOpen(request, config.origins())) {
            tell(request.getHeaders().get(HttpHeader.ORIGIN));
            return HttpStatus.FORBIDDEN_403;
        }
        return open >= config.limits().sockets() ? HttpStatus.SERVICE_UNAVAILABLE_503 : 0;
    }

    /** Once a minute: whoever asks often is not to fill the log. */
    private void tell(String origin) {
        long now = System.nanoTime();
        if (now - toldAt > REPORT_NANOS) {
            toldAt = now;
            LOG.info(
                    "No cable for a page of {}; if it is yours, add it to cable.origins",
                    origin.substring(0, Math.min(origin.length(), LONGEST_ORIGIN)));
        }
    }
}
