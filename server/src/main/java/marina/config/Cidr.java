package marina.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * A network of addresses, for example {@code 10.0.0.0/8} or {@code fdaa::/16}.
 *
 * @param address the network address, 4 or 16 bytes
 * @param prefix how many leading bits count
 */
public record Cidr(List<Byte> address, int prefix) {
    /** Copies its list. */
    public Cidr {
        address = List.copyOf(address);
    }

    /** Whether an address lies in this network. */
    public boolean contains(InetAddress other) {
        byte[] bytes = other.getAddress();
        if (bytes.length != address.size()) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit++) {
            int mask = 0x80 >> (bit % 8);
            if ((bytes[bit / 8] & mask) != (address.get(bit / 8) & mask)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Reads {@code 10.0.0.0/8}, or an address alone; names are not looked up.
     *
     * @throws RuntimeException when it is none
     */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        String host = slash < 0 ? text : text.substring(0, slash);
        boolean literal = host.matches("[0-9.]+") || host.matches("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
        try {
            byte[] bytes = literal ? InetAddress.getByName(host).getAddress() : new byte[0];
            int most = bytes.length * 8;
            int prefix = slash < 0 ? most : Integer.parseInt(text.substring(slash + 1));
            if (most > 0 && prefix >= 0 && prefix <= most) {
                return new Cidr(boxed(bytes), prefix);
            }
        } catch (UnknownHostException | NumberFormatException e) {
            // said below, as for a text of another form
        }
        throw BadText.of("is neither a network nor one of fly, cloudflare and loopback; write e.g. 10.0.0.0/8");
    }

    private static List<Byte> boxed(byte[] bytes) {
        Byte[] boxed = new Byte[bytes.length];
        Arrays.setAll(boxed, i -> bytes[i]);
        return List.of(boxed);
    }

    /** {@code 10.0.0.0/8}. */
    @Override
    public String toString() {
        byte[] bytes = new byte[address.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = address.get(i);
        }
        try {
            return InetAddress.getByAddress(bytes).getHostAddress() + "/" + prefix;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes, not " + bytes.length, e);
        }
    }
}
