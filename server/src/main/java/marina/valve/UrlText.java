package marina.valve;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Puts text of a canonical path into URLs (RFC 3986). In a canonical path a percent sign stands only in
 * {@code %2F}, {@code %3B} and {@code %25}, which are passed on as they are. Pure.
 */
final class UrlText {
    /** RFC 3986 section 3.3: pchar and the slash, without what is unreserved. */
    private static final String PATH_SIGNS = "-._~!$&'()*+,;=:@/%";

    /** Neither what separates parameters nor what a form reads as a blank. */
    private static final String QUERY_SIGNS = "-._~!$'()*,;:@/";

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private UrlText() {}

    /** The text as part of a path. */
    static String path(String text) {
        return encode(text, PATH_SIGNS);
    }

    /** The text as part of a query. */
    static String query(String text) {
        // There a slash needs no encoding, so that nothing is left that is encoded already.
        return encode(text.replace("%2F", "/").replace("%3B", ";").replace("%25", "%"), QUERY_SIGNS);
    }

    private static String encode(String text, String signs) {
        if (text.chars().allMatch(c -> isPlain(c, signs))) {
            return text;
        }
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        for (byte unit : text.getBytes(StandardCharsets.UTF_8)) {
            if (unit > 0 && isPlain(unit, signs)) {
                encoded.append((char) unit);
            } else {
                encoded.append('%').append(HEX.toHexDigits(unit));
            }
        }
        return encoded.toString();
    }

    private static boolean isPlain(int c, String signs) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || signs.indexOf(c) >= 0;
    }
}
