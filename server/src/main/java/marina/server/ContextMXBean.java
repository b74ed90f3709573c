package marina.server;

import java.util.List;

/** A context in JMX: {@code marina:type=Context,path="/sam/list1"}; older versions of a WAR {@code path="/shop##1"}. */
public interface ContextMXBean {
    /** Where it is mounted. */
    String getPath();

    /** Which of several versions of its WAR this is; empty where there is but one. */
    String getVersion();

    /** How many sessions this version has; -1 where there is but one version, or nobody can tell. */
    long getSessions();

    /** war, command, upstream, files or cgi. */
    String getKind();

    /** The kind in words, for example {@code war (own process)}. */
    String getDescription();

    /** stopped, starting, ready, draining, stopping or failed. */
    String getState();

    /** Why it failed; empty when all is well. */
    String getReason();

    /** Process id, 0 when it has none; of several that of the one that gets the next request. */
    long getPid();

    /** Where its process answers; empty when it has none; of several that of the one that gets the next request. */
    String getAddress();

    /** How many processes may share its requests. */
    int getInstances();

    /** How many of them answer. */
    int getReadyInstances();

    /** The process ids of all of them that run. */
    List<Long> getPids();

    /** Where they answer. */
    List<String> getAddresses();

    /** Requests since it was mounted or restarted. */
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

    /** The latest copy of its database since Marina started; empty for none. */
    String getLastBackup();

    /** Why the latest copy could not be made; empty when all is well. */
    String getBackupFailure();

    /** Where the operator wrote it. */
    String getSource();

    /** Starts it if it is not running, and waits until it is ready. */
    void start();

    /** Drains and stops it; the next request starts it again. */
    void stop();

    /** Copies its SQLite database; the file, in words. */
    String backup();

    /** Has a new instance take over from the running one, and waits until that is ready. */
    void restart();
}
