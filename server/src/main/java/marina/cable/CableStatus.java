package marina.cable;

/**
 * What a cable is doing, and has done since the start.
 *
 * @param sockets open now
 * @param streams that anybody is subscribed to
 * @param subscriptions of all sockets
 * @param broadcasts that were taken
 * @param refusedBroadcasts that were not: no token, no JSON, too large, too many at once
 * @param delivered messages handed to sockets
 * @param dropped messages that slow clients did not get
 * @param refusedSockets that were not opened: pages of other sites, too many sockets
 * @param refusedSubscriptions that were not made: names without signature, too many of one socket
 * @param cutOff sockets whose client was silent or did not read
 * @param relayConnected whether other machines hear of the broadcasts here
 * @param relayLost broadcasts of which they did not
 */
public record CableStatus(
        int sockets,
        int streams,
        long subscriptions,
        long broadcasts,
        long refusedBroadcasts,
        long delivered,
        long dropped,
        long refusedSockets,
        long refusedSubscriptions,
        long cutOff,
        boolean relayConnected,
        long relayLost) {}
