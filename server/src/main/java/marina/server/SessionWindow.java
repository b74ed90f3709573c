package marina.server;

import java.util.function.LongSupplier;
import org.eclipse.jetty.http2.BufferingFlowControlStrategy;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.NanoTime;

/**
 * The flow control of one connection of HTTP/2, as Jetty has it, which also knows how long its client could send nothing,
 * because bodies that nobody reads have used up what all streams share (RFC 9113 section 5.2). Thread-safe.
 */
final class SessionWindow extends BufferingFlowControlStrategy {
    private static final float JETTYS_RATIO = 0.5F;

    /** Some clients wait until a whole frame fits. */
    private static final int NEXT_TO_NOTHING = 16 * 1024;

    private boolean shut; // guarded by this, as all below
    private long since;
    private long shutNanos;

    SessionWindow() {
        super(JETTYS_RATIO);
    }

    /** How long the client at this connection could not send so far, in nanoseconds; always 0 when it is not of HTTP/2. */
    static LongSupplier shutNanos(Connection connection) {
        return connection instanceof HTTP2Connection http2
                        && http2.getSession().getFlowControlStrategy() instanceof SessionWindow window
                ? window::shutNanos
                : () -> 0;
    }

    @Override
    public void onDataReceived(Session session, Stream stream, int length) {
        super.onDataReceived(session, stream, length);
        look(session);
    }

    @Override
    public void onDataConsumed(Session session, Stream stream, int length) {
        super.onDataConsumed(session, stream, length);
        look(session);
    }

    private synchronized void look(Session session) {
        boolean before = shut;
        shut = updateRecvWindow(session, 0) < NEXT_TO_NOTHING;
        if (shut && !before) {
            since = NanoTime.now();
        } else if (before && !shut) {
            shutNanos += NanoTime.since(since);
        }
    }

    private synchronized long shutNanos() {
        return shut ? shutNanos + NanoTime.since(since) : shutNanos;
    }
}
