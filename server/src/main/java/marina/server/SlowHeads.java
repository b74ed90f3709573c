package marina.server;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.NanoTime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes connections whose client takes too long to say what it wants (Slowloris): Jetty's idle time-out begins anew with each
 * byte. Looks at all connections now and then instead of keeping a timer for each request. One look at a time.
 */
final class SlowHeads {
    private static final Logger LOG = LoggerFactory.getLogger(SlowHeads.class);

    private final Supplier<Duration> limit;
    private Map<HttpConnection, Long> suspects = new HashMap<>();

    /**
     * For heads, and for connections without any.
     *
     * @param limit from the first byte of a head, or from the connection's begin, to the end of the head; zero means none
     */
    SlowHeads(Supplier<Duration> limit) {
        this.limit = limit;
    }

    /** Closes who was too slow at the last look too. What is read here belongs to other threads and may be a moment old. */
    void sweep(Collection<AbstractConnector> connectors) {
        long patience = limit.get().toNanos();
        Map<HttpConnection, Long> found = new HashMap<>();
        if (patience > 0) {
            for (AbstractConnector connector : connectors) {
                connector.getConnectedEndPoints().forEach(endPoint -> look(endPoint, patience, found));
            }
        }
        suspects = found;
    }

    private void look(EndPoint endPoint, long patience, Map<HttpConnection, Long> found) {
        Connection connection = endPoint.getConnection();
        if (connection instanceof SslConnection tls) {
            connection = tls.getSslEndPoint().getConnection();
        }
        if (!(connection instanceof HttpConnection http)) {
            return;
        }
        long overdue = overdue(http, endPoint, patience);
        if (overdue == 0) {
            return;
        }
        if (Long.valueOf(overdue).equals(suspects.get(http))) {
            LOG.debug("Closed {}: no complete request head in time", endPoint.getRemoteSocketAddress());
            endPoint.close();
        } else {
            found.put(http, overdue);
        }
    }

    /** When the client began what it has not ended in time, on a clock of its own; 0 when it is not late. */
    private static long overdue(HttpConnection http, EndPoint endPoint, long patience) {
        if (!http.getParser().inHeaderState()) {
            return 0;
        }
        if (http.getParser().isStart()) {
            long opened = endPoint.getCreatedTimeStamp();
            boolean silent = http.getMessagesIn() == 0
                    && System.currentTimeMillis() - opened > TimeUnit.NANOSECONDS.toMillis(patience);
            return silent ? opened : 0;
        }
        long begin = http.getParser().getBeginNanoTime();
        return begin != 0 && NanoTime.since(begin) > patience ? begin : 0;
    }
}
