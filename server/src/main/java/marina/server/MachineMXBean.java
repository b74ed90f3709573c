package marina.server;

import java.util.List;

/**
 * The machine in JMX: {@code marina:type=Machine}. Sends an {@link javax.management.AttributeChangeNotification} for each change
 * of its state.
 */
public interface MachineMXBean {
    /** {@code running}, {@code idling}, {@code suspended} or {@code resuming}. */
    String getState();

    /** Since when, as an instant of ISO 8601. */
    String getStateSince();

    /** Why. */
    String getReason();

    /** The end of the last use; what is going on now shows when it has ended. */
    String getLastActivity();

    /** The same while nobody uses the machine, empty while somebody does. */
    String getIdleSince();

    /** How often it has slept, or may have. */
    long getSuspends();

    /** How often it was to sleep and did not. */
    long getRefusals();

    /** Why not, the last time; empty when it has slept since. */
    String getLastRefusal();

    /** How many requests wait for it to wake. */
    int getWaiting();

    /** What keeps it awake without a request: name, time left, context. */
    List<String> getLeases();
}
