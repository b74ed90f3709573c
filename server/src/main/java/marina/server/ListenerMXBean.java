package marina.server;

import java.util.List;

/** An address that is listened on: {@code marina:type=Listener,address="8443"}. */
public interface ListenerMXBean {
    /** Where it answers. */
    String getUrl();

    /** Open connections. */
    int getConnections();

    /** The certificates that it shows: names, and until when. Empty without TLS. */
    List<String> getCertificates();

    /** Whole days until the first of them ends, negative when it has; 0 with a placeholder; -1 without TLS. */
    long getCertificateDaysLeft();

    /** How the certificates are doing that Marina orders itself: last attempt, last problem, next try. */
    List<String> getAcme();

    /** Orders at once what could not be had the last time, unless the authority has asked for a pause. */
    void retryOrders();
}
