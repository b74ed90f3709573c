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

    /** MARINA_BASE. */
    String getBase();

    /** Reloads the configuration; what was done, or every problem. */
    List<String> reload();
}
