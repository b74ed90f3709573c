package marina.server;

import java.util.Map;

/**
 * All contexts in JMX: {@code marina:type=Contexts}. Tells of each change of state of any of them, as
 * {@link javax.management.AttributeChangeNotification}: the bean of a context tells of its own only.
 */
public interface ContextsMXBean {
    /** How many are mounted. */
    int getMounted();

    /** How many are in each state, by its name: stopped, starting, ready, draining, stopping, failed. */
    Map<String, Integer> getStates();
}
