package marina.connection;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is to be done on this thread when it is done with the event that it handles. An answer that has been passed on to its client frees the
 * client's connection for the next request: to look for that within the event would nest one exchange in another, and on another thread it
 * would cost more than the whole rest of the exchange.
 */
public final class EventTail {
    private static final Logger LOG = LoggerFactory.getLogger(EventTail.class);
    private static final ThreadLocal<EventTail> OF_THREAD = ThreadLocal.withInitial(EventTail::new);

    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private boolean handling;

    private EventTail() {}

    /** Handles an event, which must not block, and then does what it has brought about. */
    public static void handle(Runnable event) {
        EventTail tail = OF_THREAD.get();
        if (tail.handling) {
            event.run();
            return;
        }
        tail.handling = true;
        try {
            event.run();
        } finally {
            tail.work();
        }
    }

    private void work() {
        try {
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                try {
                    task.run();
                } catch (RuntimeException | Error e) {
                    LOG.warn("A connection was not served any more after its answer", e);
                }
            }
        } finally {
            handling = false;
        }
    }

    /** Whether this thread handles an event. */
    public static boolean isHandling() {
        return OF_THREAD.get().handling;
    }

    /** Has it done when this thread is done with its event, if it handles one, else false. It must not block. */
    public static boolean add(Runnable task) {
        EventTail tail = OF_THREAD.get();
        return tail.handling && tail.tasks.add(task);
    }
}
