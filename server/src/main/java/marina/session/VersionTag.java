package marina.session;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * What tells from the id of a session in which version of an application it began: digits behind the random ones. An
 * application without a version adds none. Stateless.
 */
public final class VersionTag {
    /** Of the random part. */
    static final int DIGITS = 32;

    private static final int TAGGED = DIGITS + 8;

    /** More than these a browser does not send for one context; who sends more is not worth a look at the disk. */
    private static final int MOST = 4;

    private VersionTag() {}

    /** The tag of a version; empty for none. */
    public static String of(String version) {
        if (version.isEmpty()) {
            return "";
        }
        CRC32 checksum = new CRC32();
        checksum.update(version.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().withUpperCase().toHexDigits((int) checksum.getValue());
    }

    /** The tag of what {@link #idsIn} has found. */
    public static String ofId(String id) {
        return id.substring(DIGITS);
    }

    /**
     * What could be ids of sessions in a request: in cookies of any name, because applications choose names, and at the end
     * of the path. Whether there are such sessions is another matter.
     */
    public static List<String> idsIn(Request request) {
        List<String> ids = new ArrayList<>();
        for (HttpField field : request.getHeaders()) {
            if (field.getHeader() == HttpHeader.COOKIE && field.getValue() != null) {
                addCookies(field.getValue(), ids);
            }
        }
        String parameter = request.getHttpURI().getParam();
        if (parameter != null) {
            add(parameter.substring(parameter.indexOf('=') + 1), ids);
        }
        return ids;
    }

    /** By hand: Jetty would keep its list of cookies with the request, and that is for the application. */
    private static void addCookies(String field, List<String> ids) {
        int start = 0;
        while (start < field.length()) {
            int semicolon = field.indexOf(';', start);
            int end = semicolon < 0 ? field.length() : semicolon;
            int equals = field.indexOf('=', start);
            if (equals >= 0 && equals < end) {
                add(field.substring(equals + 1, end).strip(), ids);
            }
            start = end + 1;
        }
    }

    private static void add(String value, List<String> ids) {
        boolean length = value.length() == DIGITS || value.length() == TAGGED;
        if (length && ids.size() < MOST && value.chars().allMatch(VersionTag::isDigit)) {
            ids.add(value);
        }
    }

    private static boolean isDigit(int c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
    }
}
