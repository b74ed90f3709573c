package marina.config;

/** The servlet API that a WAR is hosted with. */
public enum EeLevel {
    /** Found out from the archive's class references and descriptors. */
    AUTO,
    /** Servlet 4, {@code javax.servlet}. */
    EE8,
    /** Servlet 5, {@code jakarta.servlet}. */
    EE9,
    /** Servlet 6.0. */
    EE10,
    /** Servlet 6.1. */
    EE11
}
