package marina.context;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import marina.config.ContextPath;
import marina.config.Secrets;
import marina.metrics.Journey;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the operator, once a minute at most, why a server that somebody else runs does not answer. Thread-safe. */
final class UpstreamAlarm {
    private static final Logger LOG = LoggerFactory.getLogger(UpstreamAlarm.class);
    private static final long PAUSE = Duration.ofMinutes(1).toNanos();

    private final String where;
    private final String what;
    private final AtomicLong next = new AtomicLong(System.nanoTime());

    /**
     * Of one upstream.
     *
     * @param where the context or the route
     */
    UpstreamAlarm(String where, URI url) {
        this(where, Secrets.maskUrl(url.toString()) + " does not answer as it should");
    }

    private UpstreamAlarm(String where, String what) {
        this.where = where;
        this.what = what;
    }

    /** Of a pool. */
    static UpstreamAlarm ofMembers(String where, ContextPath path) {
        return new UpstreamAlarm(
                where, "a member did not answer a request (\"marina.sh pool " + path + "\" shows them)");
    }

    /** Notices when this request cannot be forwarded. */
    void watch(Request request) {
        Journey.of(request).alarm(this);
    }

    /** A request has failed. */
    static void failed(Request request, Throwable failure) {
        if (Journey.of(request).alarm() instanceof UpstreamAlarm alarm) {
            alarm.warn(failure);
        }
    }

    private void warn(Throwable failure) {
        long now = System.nanoTime();
        long due = next.get();
        if (now - due >= 0 && next.compareAndSet(due, now + PAUSE)) {
            LOG.warn("{}: {}: {}", where, what, cause(failure));
        }
    }

    /** The cause at the bottom says what is wrong with a certificate. */
    private static String cause(Throwable failure) {
        Throwable bottom = failure;
        for (int i = 0; i < 10 && bottom.getCause() != null; i++) {
            bottom = bottom.getCause();
        }
        String text = failure.toString();
        String message = bottom.getMessage();
        return bottom == failure || (message != null && text.contains(message)) ? text : text + "; " + bottom;
    }
}
