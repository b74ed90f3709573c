package marina.proxy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** The address of a request's client as text. Those of the last few hundred clients are known and not written anew. Thread-safe. */
public final class ClientAddress {
    private static final int SLOTS = 512; // a power of two

    /** Each slot has who came last; a race costs a text that is written twice. */
    private static final @Nullable Known[] KNOWN = new Known[SLOTS];

    private ClientAddress() {}

    private record Known(InetAddress address, String text) {}

    /** The same as {@link Request#getRemoteAddr}. */
    public static String of(Request request) {
        SocketAddress remote = request.getConnectionMetaData().getRemoteSocketAddress();
        InetAddress address = remote instanceof InetSocketAddress internet ? internet.getAddress() : null;
        if (address == null
                || (address instanceof Inet6Address six && six.getScopeId() != 0)) { // equal to one with another scope
            return Request.getRemoteAddr(request);
        }
        int hash = address.hashCode();
        int slot = (hash ^ hash >>> 9 ^ hash >>> 18) & SLOTS - 1;
        Known known = KNOWN[slot];
        if (known == null || !known.address.equals(address)) {
            known = new Known(address, Request.getRemoteAddr(request));
            KNOWN[slot] = known;
        }
        return known.text;
    }
}
