package marina.process;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** The TCP sockets of this machine that listen, from /proc/net/tcp and tcp6. On systems without these, none. */
final class ListeningSockets {
    private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));

    /** TCP_LISTEN of the kernel's net/tcp_states.h. */
    private static final String LISTEN = "0A";

    private static final int ADDRESS = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;

    /** The kernel prints addresses as numbers of this many bytes, in the byte order of the machine. */
    private static final int WORD = 4;

    private ListeningSockets() {}

    static List<ListeningSocket> all() {
        List<ListeningSocket> found = new ArrayList<>();
        for (Path table : TABLES) {
            for (String line : lines(table)) {
                if (line.contains(" " + LISTEN + " ")) { // most lines are connections, and splitting is slow
                    parse(List.of(line.strip().split(" +"))).ifPresent(found::add);
                }
            }
        }
        return found;
    }

    private static List<String> lines(Path table) {
        try {
            return Files.readAllLines(table, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return List.of(); // no such table: nobody is found, which callers take for "unknown"
        }
    }

    private static Optional<ListeningSocket> parse(List<String> fields) {
        if (fields.size() <= INODE || !fields.get(STATE).equals(LISTEN)) {
            return Optional.empty();
        }
        String local = fields.get(ADDRESS);
        int colon = local.indexOf(':');
        byte[] bytes = HexFormat.of().parseHex(local, 0, colon);
        if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
            reverseWords(bytes);
        }
        int port = Integer.parseInt(local, colon + 1, local.length(), 16);
        try {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getByAddress(bytes), port);
            return Optional.of(new ListeningSocket("socket:[" + fields.get(INODE) + "]", address));
        } catch (UnknownHostException e) {
            return Optional.empty(); // neither 4 nor 16 bytes
        }
    }

    private static void reverseWords(byte[] bytes) {
        for (int word = 0; word + WORD <= bytes.length; word += WORD) {
            for (int i = 0; i < WORD / 2; i++) {
                byte kept = bytes[word + i];
                bytes[word + i] = bytes[word + WORD - 1 - i];
                bytes[word + WORD - 1 - i] = kept;
            }
        }
    }

    /**
     * One of them.
     *
     * @param link what a descriptor of it in /proc/PID/fd points to; names one socket for good
     * @param address what it is bound to; an IPv4 address that is mapped into IPv6 comes as the former
     */
    record ListeningSocket(String link, InetSocketAddress address) {

        /** Whether it is bound to 127.0.0.1 itself and this port. */
        boolean isOnLoopback(int port) {
            return address.getPort() == port
                    && address.getAddress().getHostAddress().equals("127.0.0.1");
        }

        /** Whether it takes connections to every address; one of IPv6 may or may not take those of IPv4 too. */
        boolean isOnAny(int port) {
            return address.getPort() == port && address.getAddress().isAnyLocalAddress();
        }

        boolean isIpv6() {
            return address.getAddress() instanceof Inet6Address;
        }

        /** Whether other machines can connect to it, as far as no firewall is between. */
        boolean isOpen() {
            return !address.getAddress().isLoopbackAddress();
        }
    }
}
