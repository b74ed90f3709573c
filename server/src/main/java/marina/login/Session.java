package marina.login;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who has logged in, as the cookie says it.
 *
 * @param id of this login, kept when its cookie is renewed
 * @param begun when the user logged in
 * @param renewed when the cookie was made
 * @param expires when the cookie ends
 * @param mark what the user was recognised by; when that changes the login is over
 */
record Session(String id, Instant begun, Instant renewed, Instant expires, String mark, String user) {
    private static final int PARTS = 6;

    String text() {
        return String.join(
                "|",
                id,
                Long.toString(begun.getEpochSecond()),
                Long.toString(renewed.getEpochSecond()),
                Long.toString(expires.getEpochSecond()),
                mark,
                user);
    }

    /** Reads what {@link #text} wrote; null when it is something else. */
    static @Nullable Session parse(String text) {
        String[] parts = text.split("\\|", PARTS);
        if (parts.length < PARTS || parts[PARTS - 1].isEmpty()) {
            return null;
        }
        try {
            return new Session(parts[0], instant(parts[1]), instant(parts[2]), instant(parts[3]), parts[4], parts[5]);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static Instant instant(String seconds) {
        return Instant.ofEpochSecond(Long.parseLong(seconds));
    }
}
