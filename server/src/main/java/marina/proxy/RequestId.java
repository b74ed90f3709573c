package marina.proxy;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The name under which a request is found again in the logs of all who handled it. Pure. */
public final class RequestId {
    /** The field that carries it, in requests and in answers. */
    public static final String FIELD = "X-Request-Id";

    private static final int LONGEST = 200;
    private static final int DIGITS = 16; // of a long

    private RequestId() {}

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
            to[i] = (byte) Character.forDigit((int) left & 15, 16);
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
