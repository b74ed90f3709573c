package marina.proxy;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The name under which a request is found again in the logs of all who handled it. Pure. */
public final class RequestId {
    /** The field that carries it, in requests and in answers. */
    public static final String FIELD = "X-Request-Id";

    private static final int LONGEST = 200;

    private RequestId() {}

    /** What the client gave, when it is plain text of a sensible length, else a new one. */
    public static String of(@Nullable String given) {
        if (given != null && !given.isEmpty() && given.length() <= LONGEST && isPlain(given)) {
            return given;
        }
        ThreadLocalRandom random = ThreadLocalRandom.current();
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
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
