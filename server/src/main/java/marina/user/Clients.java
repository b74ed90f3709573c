package marina.user;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/** What counts as one client: an address of IPv4, or the first 64 bits of one of IPv6, which is what one client has. Pure. */
public final class Clients {
    private static final long IPV4 = 0xffffL << 32;

    private Clients() {}

    /** The same number for all addresses of a client. */
    public static long key(InetAddress address) {
        byte[] bytes = address.getAddress();
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return bytes.length == Integer.BYTES ? IPV4 | (buffer.getInt() & 0xffff_ffffL) : buffer.getLong();
    }
}
