package marina.config;

/** What crawlers get. */
public enum Bots {
    /** What everybody gets. */
    ALLOW,
    /** 403. */
    REJECT,
    /** Public files only. */
    PUBLIC_ONLY,
    /** Public files, and what routes answer with a script or another server; no application of a context. */
    NO_APPLICATIONS
}
