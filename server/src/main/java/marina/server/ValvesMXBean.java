package marina.server;

/**
 * What requests pass on their way to a context, in JMX: {@code marina:type=Valves}. The settings are those of the server; contexts may have
 * others.
 */
public interface ValvesMXBean {
    /** Whether somebody has to show a password: at the server, or at any context. */
    boolean isAuthenticating();

    /** What crawlers get: allow, reject or public_only. */
    String getBots();

    /** Whether everything gets the maintenance page. */
    boolean isClosed();

    /** Whether text is compressed. */
    boolean isCompressing();

    /** How many routes are tried before the contexts. */
    int getRoutes();

    /** How many requests a client may make in {@link #getRatePeriodMillis}; 0 for any number. */
    int getRate();

    /** The time that {@link #getRate} is for. */
    long getRatePeriodMillis();

    /** Clients whose requests are being counted for that. */
    int getCountedClients();

    /** Answers 4xx since the start, of whoever has given them. */
    long getClientErrors();

    /** Answers 5xx since the start, of whoever has given them. */
    long getServerErrors();
}
