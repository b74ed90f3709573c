package marina.server;

/** This machine among the others, in JMX: {@code marina:type=Fleet}. Counts are of requests since the start. */
public interface FleetMXBean {
    /** fly, dns or none. */
    String getPlatform();

    /** The Fly app; empty outside of Fly. */
    String getApp();

    /** Its region. */
    String getRegion();

    /** Its id. */
    String getMachine();

    /** Answered here, of those for contexts with a place. */
    long getServed();

    /** Given back to Fly's proxy for another machine. */
    long getReplayed();

    /** Forwarded to a machine that runs. */
    long getProxied();

    /** Forwarded through Flycast, which wakes machines. */
    long getWoken();

    /** Sent to another server's URL. */
    long getRedirected();

    /** Brought back by Fly's proxy: the maintenance page. */
    long getFailed();

    /** Ended because machines do not agree. */
    long getLoops();

    /** For places that do not exist. */
    long getAbsent();

    /** With a forged or unsigned way. */
    long getRefused();

    /** Sent on although DNS did not say whether their place lives. */
    long getUnknown();

    /** Questions to DNS. */
    long getDnsQuestions();

    /** Questions that DNS did not answer as it should. */
    long getDnsFailures();

    /** Forgets what DNS has said. */
    void dropDns();
}
