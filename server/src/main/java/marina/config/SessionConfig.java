package marina.config;

import java.time.Duration;

/**
 * How a login is remembered: in a signed cookie.
 *
 * @param secret signs the cookies; when none is written, a random key of the instance does
 * @param ttl how long a login lasts that nobody uses
 * @param maxTtl how long a login lasts at most
 * @param cookie name of the cookie
 */
public record SessionConfig(Secret secret, Duration ttl, Duration maxTtl, String cookie) {

    /** Nobody logs in. */
    public static final SessionConfig NONE = new SessionConfig(Secret.NONE, Duration.ZERO, Duration.ZERO, "");
}
