package marina.session;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what could not be kept, each thing once in the life of an application. Thread-safe. */
final class SessionProblems {
    private static final Logger LOG = LoggerFactory.getLogger(SessionProblems.class);
    private static final long PAUSE_MILLIS = 60_000;
    private static final int MOST_DIFFERENT = 1_000;

    private final String contextPath;
    private final SessionShelf shelf;
    private final Set<String> said = ConcurrentHashMap.newKeySet();
    private final AtomicLong nextComplaint = new AtomicLong();

    SessionProblems(String contextPath, SessionShelf shelf) {
        this.contextPath = contextPath;
        this.shelf = shelf;
    }

    /** An attribute of a class that cannot be serialized: said once for each class. */
    void notSerializable(String name, Object value, Throwable cause) {
        String type = value.getClass().getName();
        if (isNew("attribute " + type)) {
            LOG.warn(
                    "Context {}: session attribute \"{}\" of class {} is kept in memory only and is lost when the application"
                            + " stops ({}); make the class Serializable, or write sessions: memory",
                    contextPath,
                    name,
                    type,
                    String.valueOf(cause));
        }
    }

    /** A session that the application as it is now cannot read: said once for each cause. */
    void dropped(String name, Throwable cause) {
        String what = name.isEmpty() ? "its record" : "its attribute \"" + name + "\"";
        if (isNew("dropped " + name + cause)) {
            LOG.warn(
                    "Context {}: a session was dropped: {} cannot be read by this version of the application ({});"
                            + " others like it are dropped without a word",
                    contextPath,
                    what,
                    String.valueOf(cause));
        }
    }

    /** The shelf does not work: said once a minute. */
    void notKept(Exception cause) {
        long now = System.currentTimeMillis();
        long next = nextComplaint.get();
        if (now >= next && nextComplaint.compareAndSet(next, now + PAUSE_MILLIS)) {
            LOG.error(
                    "Context {}: sessions are not kept in {} ({}); they go on in memory and end with the application",
                    contextPath,
                    shelf,
                    String.valueOf(cause));
        }
    }

    private boolean isNew(String what) {
        return said.size() < MOST_DIFFERENT && said.add(what);
    }
}
