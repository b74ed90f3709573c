package marina.proxy;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/** The name under which a request is found again in the logs of all who handled it. Pure. */
public final class RequestId {
    /** The field that carries it, in requests and in answers. */
    public static final String FIELD = "X-Request-Id";

    /** The same as Jetty compares it. */
    static final String LOWER_CASE = "x-request-id";

    private static final int LONGEST = 200;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.ISO_8859_1);
    private static final int DIGITS = 16; // of a long

    private RequestId() {}

    /** A field that has been looked at. */
    private static final class Seen extends HttpField {
        Seen(String id) {
            super((HttpHeader) null, FIELD, id);
        }
    }

    /** The field for a request that has come with these: with its own id when that will do, or a new one. */
    public static HttpField field(HttpFields client) {
        HttpField given = unlisted(client, FIELD);
        return given instanceof Seen ? given : new Seen(of(given == null ? null : given.getValue()));
    }

    /** The first field of a name that Jetty has no constant for; quicker than by the name alone, because it passes over all others. */
    private static @Nullable HttpField unlisted(HttpFields fields, String name) {
        for (HttpField field : fields) {
            if (field.getHeader() == null && field.is(name)) {
                return field;
            }
        }
        return null;
    }

    /** What the client gave, when it is plain text of a sensible length, else a new one. */
    public static String of(@Nullable String given) {
        if (given != null && !given.isEmpty() && given.length() <= LONGEST && isPlain(given)) {
            return given;
        }
        ThreadLocalRandom random = ThreadLocalRandom.current();
        byte[] text = new byte[2 * DIGITS];
        write(random.nextLong(), text, 0);
        write(random.nextLong(), text, DIGITS);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    private static void write(long number, byte[] to, int at) {
        long left = number;
        for (int i = at + DIGITS - 1; i >= at; i--) {
            to[i] = HEX[(int) left & 15];
            left >>>= 4;
        }
    }

    private static boolean isPlain(String id) {
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            if (c >= 128 || (!Character.isLetterOrDigit(c) && "-_.:/+=@".indexOf(c) < 0)) {
                return false;
            }
        }
        return true;
    }
}
