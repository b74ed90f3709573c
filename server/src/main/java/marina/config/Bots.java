package marina.config;

/** What crawlers get. */
public enum Bots {
    /** What everybody gets. */
    ALLOW,
    /** 403. */
    REJECT,
    /** Public files only. */
    PUBLIC_ONLY
}
