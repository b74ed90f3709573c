package marina.config;

/** Where the HTTP sessions of a WAR are kept. */
public enum SessionPlace {
    /** In files below data/sessions/: they outlive the application's run and Marina's. */
    FILE,
    /** Only in memory: they end with the application. */
    MEMORY
}
