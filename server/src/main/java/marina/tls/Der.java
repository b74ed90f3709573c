package marina.tls;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.Arrays;

/** The few forms of DER (X.690) that private keys and certificates are made of. Pure. */
final class Der {
    static final int CONTEXT_0 = 0xA0;
    static final byte[] NULL = {5, 0};

    private static final int INTEGER = 0x02;
    private static final int OCTET_STRING = 0x04;
    private static final int OBJECT_IDENTIFIER = 0x06;
    private static final int SEQUENCE = 0x30;

    private Der() {}

    static byte[] sequence(byte[]... parts) {
        return tagged(SEQUENCE, parts);
    }

    static byte[] integer(long number) {
        return tagged(INTEGER, BigInteger.valueOf(number).toByteArray());
    }

    static byte[] octets(byte[] content) {
        return tagged(OCTET_STRING, content);
    }

    static byte[] oid(String dotted) {
        String[] arcs = dotted.split("\\.", -1);
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.write(Integer.parseInt(arcs[0]) * 40 + Integer.parseInt(arcs[1]));
        for (int i = 2; i < arcs.length; i++) {
            long arc = Long.parseLong(arcs[i]);
            for (int shift = 63 - Long.numberOfLeadingZeros(Math.max(arc, 1)); shift >= 0; shift--) {
                if (shift % 7 == 0) {
                    content.write((int) (arc >> shift & 0x7F) | (shift > 0 ? 0x80 : 0));
                }
            }
        }
        return tagged(OBJECT_IDENTIFIER, content.toByteArray());
    }

    static byte[] tagged(int tag, byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + 6);
        out.write(tag);
        if (length < 0x80) {
            out.write(length);
        } else {
            byte[] bytes = BigInteger.valueOf(length).toByteArray();
            int from = bytes[0] == 0 ? 1 : 0;
            out.write(0x80 | bytes.length - from);
            out.write(bytes, from, bytes.length - from);
        }
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** Goes through what one element holds. Throws {@link IndexOutOfBoundsException} where the bytes end too early. */
    static final class Reader {
        private final byte[] bytes;
        private int at;

        Reader(byte[] bytes) {
            this.bytes = bytes;
        }

        boolean hasMore() {
            return at < bytes.length;
        }

        int tag() {
            return bytes[at] & 0xFF;
        }

        Reader enter() {
            return new Reader(content());
        }

        void skip() {
            content();
        }

        /** What the element here holds; goes on to the next one. */
        byte[] content() {
            int length = bytes[at + 1] & 0xFF;
            int start = at + 2;
            if (length >= 0x80) {
                int size = length & 0x7F;
                length = new BigInteger(1, Arrays.copyOfRange(bytes, start, start + size)).intValue();
                start += size;
            }
            if (length < 0 || length > bytes.length - start) {
                throw new IndexOutOfBoundsException("an element is longer than what it stands in");
            }
            at = start + length;
            return Arrays.copyOfRange(bytes, start, at);
        }
    }
}
