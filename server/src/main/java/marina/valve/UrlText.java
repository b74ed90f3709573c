package marina.valve;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import marina.proxy.CanonicalPath;

/** Puts text of a canonical path into the query of a URL (RFC 3986). Pure. */
final class UrlText {
    /** Neither what separates parameters nor what a form reads as a blank. */
    private static final String QUERY_SIGNS = "-._~!$'()*,:@/";

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private UrlText() {}

    /** The text as part of a query. */
    static String query(String text) {
        String plain = CanonicalPath.decode(text);
        if (plain.chars().allMatch(UrlText::isPlain)) {
            return plain;
        }
        StringBuilder encoded = new StringBuilder(plain.length() + 16);
        for (byte unit : plain.getBytes(StandardCharsets.UTF_8)) {
            if (isPlain(unit)) {
                encoded.append((char) unit);
            } else {
                encoded.append('%').append(HEX.toHexDigits(unit));
            }
        }
        return encoded.toString();
    }

    private static boolean isPlain(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || QUERY_SIGNS.indexOf(c) >= 0;
    }
}
