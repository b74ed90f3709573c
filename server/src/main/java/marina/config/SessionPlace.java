package marina.config;

/** Where the HTTP sessions of a WAR are kept. */
public enum SessionPlace {
    /** In files below data/sessions/: they outlive the application's run and Marina's. */
    FILE,
    /** In a table of the WAR's own database: with it they can be backed up and moved. */
    DATABASE,
    /** Only in memory: they end with the application. */
    MEMORY
}
