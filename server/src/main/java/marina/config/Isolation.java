package marina.config;

/** Where a WAR runs. */
public enum Isolation {
    /** In Marina's own JVM, with its own class loader. */
    NONE,
    /** In a JVM of its own, which is started, watched and stopped like any command context. */
    PROCESS
}
