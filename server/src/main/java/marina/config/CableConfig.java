package marina.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * Live updates of pages: WebSockets that subscribe to streams, and what applications broadcast to these.
 *
 * @param path where sockets are opened: of each context below its own path, and of the server as a whole; empty: nowhere
 * @param broadcastPath where applications on this machine post what is to be sent
 * @param shared whether all contexts have the same streams; else each has its own
 * @param requireToken whether who broadcasts must show the token that Marina has given to its context
 * @param secret what names of streams are signed with, in the form of Turbo; without one they need no signature
 * @param origins the sites beside this one whose pages may open sockets: {@code https://app.example.com},
 *     {@code https://*.example.com} or {@code *}
 * @param ping how often a socket is asked for a sign of life; without one for twice as long it is closed
 * @param relay the NATS server over which the cables of several machines tell each other of broadcasts; empty: none
 * @param limits what clients and applications may use
 */
public record CableConfig(
        String path,
        String broadcastPath,
        boolean shared,
        boolean requireToken,
        Secret secret,
        List<String> origins,
        Duration ping,
        URI relay,
        Limits limits) {

    /** Copies its list. */
    public CableConfig {
        origins = List.copyOf(origins);
    }

    /** Whether there is one. */
    public boolean enabled() {
        return !path.isEmpty();
    }

    /**
     * What sockets and broadcasts may use.
     *
     * @param sockets that are open at once
     * @param socketsPerAddress of one client, which is an IPv4 address or 64 bits of an IPv6 one; 0: any number
     * @param subscriptions of one socket
     * @param message the most bytes that a client may send in one message
     * @param broadcast the most bytes of one broadcast
     * @param queue how many messages wait for one client that reads slowly; what comes while so many do, it does not get
     */
    public record Limits(
            int sockets, int socketsPerAddress, int subscriptions, long message, long broadcast, int queue) {}
}
