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

    /** When the configuration was reloaded the last time, why, and what came of it; empty before the first time. */
    String getLastReload();

    /** What the last reload has changed, a line each, secrets masked. */
    List<String> getLastChanges();

    /** The configurations that are kept, the newest first: number, time and cause. */
    List<String> getHistory();

    /** Goes back to a configuration of the history; 0 for the one before. What was done, or why not. */
    List<String> rollback(int number);

    /**
     * Stopped generations of hosted WARs whose classes are still in memory after a garbage collection, which this causes: a
     * line for each, with what holds it as far as Marina can see. Empty when there is none.
     */
    List<String> findLeaks();
}
