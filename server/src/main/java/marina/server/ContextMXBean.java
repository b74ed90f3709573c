package marina.server;

/** A context in JMX: {@code marina:type=Context,path="/sam/list1"}. */
public interface ContextMXBean {
    /** Where it is mounted. */
    String getPath();

    /** war, command, upstream, files or cgi. */
    String getKind();

    /** The kind in words, for example {@code war (own process)}. */
    String getDescription();

    /** stopped, starting, ready, draining, stopping or failed. */
    String getState();

    /** Why it failed; empty when all is well. */
    String getReason();

    /** Process id, 0 when it has none. */
    long getPid();

    /** Where its process answers; empty when it has none. */
    String getAddress();

    /** Requests since it was mounted. */
    long getRequests();

    /** Requests in flight. */
    int getActiveRequests();

    /** How often it has been started. */
    long getStarts();

    /** How long the last start took, in milliseconds. */
    long getLastStartMillis();

    /** End of the last request, ISO 8601. */
    String getLastActivity();

    /** DATABASE_URL without its password; empty when it has none. */
    String getDatabaseUrl();

    /** Where the operator wrote it. */
    String getSource();

    /** Starts it if it is not running, and waits until it is ready. */
    void start();

    /** Drains and stops it; the next request starts it again. */
    void stop();

    /** Stops and starts it; requests that come meanwhile wait. */
    void restart();
}
