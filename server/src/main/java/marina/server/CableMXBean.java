package marina.server;

/** The cable in JMX: {@code marina:type=Cable}. Counts are since the start. */
public interface CableMXBean {
    /** WebSockets that are open. */
    int getSockets();

    /** Streams that anybody is subscribed to. */
    int getStreams();

    /** Subscriptions of all sockets. */
    long getSubscriptions();

    /** Broadcasts that were taken. */
    long getBroadcasts();

    /** Broadcasts that were refused: no token, no JSON, too large, too many at once. */
    long getRefusedBroadcasts();

    /** Messages that were handed to sockets. */
    long getDelivered();

    /** Messages that clients did not get which read too slowly. */
    long getDropped();

    /** Sockets that were not opened: pages of other sites, too many sockets. */
    long getRefusedSockets();

    /** Subscriptions that were not made: names without signature, too many of one socket. */
    long getRefusedSubscriptions();

    /** Sockets of clients that were silent or did not read. */
    long getCutOff();

    /** Whether the machines at {@code cable.relay} hear of the broadcasts here. */
    boolean isRelayConnected();

    /** Broadcasts of which they did not. */
    long getRelayLost();
}
