package marina.server;

import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/**
 * When Fly's edge has taken a request, by its own clock: its request id begins with a ULID, whose first ten characters are
 * milliseconds since 1970 in base 32 (Crockford's letters).
 */
final class EdgeTime {
    private static final String FIELD = "Fly-Request-Id";
    private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int ULID_LENGTH = 26;
    private static final int TIME_LENGTH = 10;

    private EdgeTime() {}

    /** Milliseconds since 1970; 0 when the request does not say. */
    static long of(HttpFields fields) {
        return millis(fields.get(FIELD));
    }

    static long millis(@Nullable String id) {
        if (id == null || id.length() < ULID_LENGTH || (id.length() > ULID_LENGTH && id.charAt(ULID_LENGTH) != '-')) {
            return 0;
        }
        long millis = 0;
        for (int i = 0; i < TIME_LENGTH; i++) {
            int digit = DIGITS.indexOf(id.charAt(i));
            if (digit < 0) {
                return 0;
            }
            millis = millis * DIGITS.length() + digit;
        }
        return millis;
    }
}
