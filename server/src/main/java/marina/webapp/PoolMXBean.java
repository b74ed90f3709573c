package marina.webapp;

/** The connections of a WAR that runs, in JMX: {@code marina:type=Pool,context="/sam/list1"}. */
public interface PoolMXBean {
    /** Connections that the application uses now. */
    int getActive();

    /** Open connections that nobody uses. */
    int getIdle();

    /** Threads that wait for a connection. */
    int getWaiting();

    /** The most connections that are open at once: {@code database.pool_size}. */
    int getMax();

    /** Whether the application has asked for a connection yet; before that none is opened. */
    boolean isOpened();

    /** DATABASE_URL, the password masked. */
    String getUrl();

    /** Closes the connections that are not in use, and those in use when they are given back. */
    void evict();
}
