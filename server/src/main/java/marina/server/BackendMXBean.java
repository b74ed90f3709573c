package marina.server;

/**
 * One instance of a context in JMX, from its first start on: {@code marina:type=Backend,context="/sam/list1",instance=0}. The name
 * stays the same when it is started again.
 */
public interface BackendMXBean {
    /** stopped, starting, ready, draining, stopping or failed. */
    String getState();

    /** Why it failed; empty when all is well. */
    String getReason();

    /** Process id, 0 when it has none. */
    long getPid();

    /** Where its process answers; empty when it has none. */
    String getAddress();

    /** Requests and WebSockets in flight. */
    int getLeases();

    /** How often it has been started. */
    long getStarts();

    /** How long the last start took, in milliseconds. */
    long getLastStartMillis();

    /** End of the last request, ISO 8601. */
    String getLastActivity();
}
