package marina.server;

import java.util.List;

/** The server in JMX: {@code marina:type=Server}. */
public interface ServerMXBean {
    /** Marina's version. */
    String getVersion();

    /** Process id. */
    long getPid();

    /** Milliseconds since it was started. */
    long getUptimeMillis();

    /** The URLs that it answers at. */
    List<String> getUrls();

    /** How many contexts are mounted. */
    int getContexts();

    /** How many contexts have a process, or are about to have or to lose one. */
    int getRunningBackends();

    /** How many may: {@code limits.backends}; 0 means any number. */
    int getMaxBackends();

    /** How many contexts wait for room to start. */
    int getWaitingForRoom();

    /** MARINA_BASE. */
    String getBase();

    /** Reloads the configuration; what was done, or every problem. */
    List<String> reload();

    /**
     * Stopped generations of hosted WARs whose classes are still in memory after a garbage collection, which this causes: a
     * line for each, with what holds it as far as Marina can see. Empty when there is none.
     */
    List<String> findLeaks();
}
