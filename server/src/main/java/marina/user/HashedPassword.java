package marina.user;

import at.favre.lib.crypto.bcrypt.BCrypt;
import java.nio.charset.StandardCharsets;

/** Makes the hashes that files of users hold. */
public final class HashedPassword {
    /** Some ten milliseconds each; the default of htpasswd's -B is 5, that of most applications 10. */
    private static final int COST = 10;

    /** What bcrypt looks at. */
    private static final int MOST_BYTES = 72;

    private HashedPassword() {}

    /** Whether the end of a password would not count. */
    public static boolean isTooLong(String password) {
        return password.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES;
    }

    /** The bcrypt hash of a password, another one each time. */
    public static String of(String password) {
        byte[] hash = BCrypt.with(BCrypt.Version.VERSION_2Y).hash(COST, password.getBytes(StandardCharsets.UTF_8));
        return new String(hash, StandardCharsets.US_ASCII);
    }
}
