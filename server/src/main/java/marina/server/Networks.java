package marina.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import marina.config.Cidr;

/** A set of networks. Asking it costs a look-up for each prefix length that occurs, not for each network. Immutable. */
final class Networks {
    private static final int BITS = 128;
    private static final int IPV4_OFFSET = 96;
    private static final int LONG_BITS = 64;

    /** Prefix length, counted in 128 bits, to the networks of that length. */
    private final Map<Integer, Set<Address>> byPrefix = new TreeMap<>();

    Networks(Collection<Cidr> networks) {
        for (Cidr network : networks) {
            byte[] bytes = new byte[network.address().size()];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = network.address().get(i);
            }
            int prefix = network.prefix() + (bytes.length == 4 ? IPV4_OFFSET : 0);
            byPrefix.computeIfAbsent(prefix, length -> new HashSet<>())
                    .add(Address.of(bytes).masked(prefix));
        }
    }

    /** The networks in a file of this package: one a line, {@code #} begins a comment. */
    static List<Cidr> inFile(String name) {
        try (InputStream file = Networks.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException(name + " is missing in the jar");
            }
            return new BufferedReader(new InputStreamReader(file, StandardCharsets.US_ASCII))
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(Cidr::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean contains(InetAddress address) {
        if (byPrefix.isEmpty()) {
            return false;
        }
        Address whole = Address.of(address.getAddress());
        for (Map.Entry<Integer, Set<Address>> networks : byPrefix.entrySet()) {
            if (networks.getValue().contains(whole.masked(networks.getKey()))) {
                return true;
            }
        }
        return false;
    }

    /** An address in 128 bits; one of IPv4 as ::ffff:0:0/96, so that no address of IPv6 is taken for it. */
    private record Address(long high, long low) {

        static Address of(byte[] bytes) {
            if (bytes.length == 4) {
                return new Address(
                        0, 0xffff_0000_0000L | (ByteBuffer.wrap(bytes).getInt() & 0xffff_ffffL));
            }
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            return new Address(buffer.getLong(), buffer.getLong());
        }

        Address masked(int prefix) {
            return new Address(high & mask(prefix), low & mask(prefix - LONG_BITS));
        }

        private static long mask(int bits) {
            if (bits <= 0) {
                return 0;
            }
            return bits >= LONG_BITS || bits >= BITS ? -1L : -1L << (LONG_BITS - bits);
        }
    }
}
