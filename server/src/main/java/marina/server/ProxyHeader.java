package marina.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header of the PROXY protocol, versions 1 and 2 (haproxy.org, proxy-protocol.txt). Jetty's parser takes bytes of the
 * request for a header that is too short, and looks up names in the DNS.
 *
 * @param addresses of client and server; empty when the proxy speaks for itself or does not know them
 */
record ProxyHeader(Optional<Addresses> addresses) {
    /** No header may be longer than this. */
    static final int LONGEST = 4096;

    private static final byte[] SIGNATURE_2 = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};
    private static final byte[] SIGNATURE_1 = {'P', 'R', 'O', 'X', 'Y', ' '};
    private static final int FIXED_2 = 16;
    private static final int LONGEST_1 = 107;
    private static final Pattern LINE =
            Pattern.compile("PROXY (TCP4|TCP6) ([0-9A-Fa-f:.]+) ([0-9A-Fa-f:.]+) (\\d{1,5}) (\\d{1,5})");
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    /** Client and server. */
    record Addresses(InetSocketAddress client, InetSocketAddress server) {}

    /** What came is no header. */
    static final class BrokenException extends Exception {
        private static final long serialVersionUID = 1L;

        BrokenException(String message) {
            super(message);
        }
    }

    /**
     * Reads the header at the position of a buffer and goes on behind it.
     *
     * @return empty, with the position where it was, when more bytes are needed
     * @throws BrokenException when it is none, whatever follows
     */
    static Optional<ProxyHeader> parse(ByteBuffer buffer) throws BrokenException {
        if (beginsWith(SIGNATURE_2, buffer)) {
            return version2(buffer);
        }
        if (beginsWith(SIGNATURE_1, buffer)) {
            return version1(buffer);
        }
        throw new BrokenException("no header of the PROXY protocol");
    }

    /** As far as there are bytes. */
    private static boolean beginsWith(byte[] signature, ByteBuffer buffer) {
        int known = Math.min(signature.length, buffer.remaining());
        return buffer.slice(buffer.position(), known).equals(ByteBuffer.wrap(signature, 0, known));
    }

    private static Optional<ProxyHeader> version1(ByteBuffer buffer) throws BrokenException {
        int length = Math.min(buffer.remaining(), LONGEST_1);
        byte[] start = new byte[length];
        buffer.get(buffer.position(), start);
        String text = new String(start, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n");
        if (end < 0) {
            if (length == LONGEST_1 || text.indexOf('\n') >= 0) {
                throw new BrokenException("a line without end");
            }
            return Optional.empty();
        }
        String line = text.substring(0, end);
        ProxyHeader header = line.equals("PROXY UNKNOWN") || line.startsWith("PROXY UNKNOWN ")
                ? new ProxyHeader(Optional.empty())
                : new ProxyHeader(Optional.of(addresses(line)));
        buffer.position(buffer.position() + end + 2);
        return Optional.of(header);
    }

    private static Addresses addresses(String line) throws BrokenException {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw new BrokenException("a line of another form");
        }
        boolean version4 = matcher.group(1).equals("TCP4");
        return new Addresses(
                address(version4, matcher.group(2), matcher.group(4)),
                address(version4, matcher.group(3), matcher.group(5)));
    }

    private static InetSocketAddress address(boolean version4, String literal, String port) throws BrokenException {
        boolean right = version4 ? IPV4.matcher(literal).matches() : literal.contains(":");
        int number = Integer.parseInt(port);
        if (right && number <= 65_535) {
            try {
                return new InetSocketAddress(InetAddress.getByName(literal), number); // a literal is not looked up
            } catch (UnknownHostException e) {
                throw new BrokenException("no address: " + e.getMessage());
            }
        }
        throw new BrokenException("no address");
    }

    private static Optional<ProxyHeader> version2(ByteBuffer buffer) throws BrokenException {
        if (buffer.remaining() < FIXED_2) {
            return Optional.empty();
        }
        int start = buffer.position();
        int command = buffer.get(start + 12) & 0xFF;
        int family = buffer.get(start + 13) >> 4 & 0xF;
        int length = buffer.getChar(start + 14);
        if (command >> 4 != 2 || (command & 0xF) > 1 || family > 3 || length > LONGEST - FIXED_2) {
            throw new BrokenException("version, command, family or length that nobody knows");
        }
        int addressBytes = family == 1 ? 4 : family == 2 ? 16 : 0;
        boolean tells = (command & 0xF) == 1 && addressBytes > 0;
        if (tells && length < 2 * addressBytes + 4) {
            throw new BrokenException("too short for its addresses");
        }
        if (buffer.remaining() < FIXED_2 + length) {
            return Optional.empty();
        }
        buffer.position(start + FIXED_2);
        Optional<Addresses> addresses = tells ? Optional.of(addresses(buffer, addressBytes)) : Optional.empty();
        buffer.position(start + FIXED_2 + length);
        return Optional.of(new ProxyHeader(addresses));
    }

    private static Addresses addresses(ByteBuffer buffer, int size) throws BrokenException {
        try {
            byte[] client = new byte[size];
            byte[] server = new byte[size];
            buffer.get(client).get(server);
            return new Addresses(
                    new InetSocketAddress(InetAddress.getByAddress(client), buffer.getChar()),
                    new InetSocketAddress(InetAddress.getByAddress(server), buffer.getChar()));
        } catch (UnknownHostException e) {
            throw new BrokenException("no address: " + e.getMessage());
        }
    }
}
