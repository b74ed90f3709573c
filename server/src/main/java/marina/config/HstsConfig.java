package marina.config;

import java.time.Duration;

/**
 * Strict-Transport-Security (RFC 6797), which answers over TLS carry.
 *
 * @param maxAge how long browsers use https only; zero for no such field
 * @param includeSubdomains whether that holds for all names below the host's, too
 * @param preload whether the host may be put on the lists that browsers come with
 */
public record HstsConfig(Duration maxAge, boolean includeSubdomains, boolean preload) {

    /** No such field. */
    public static final HstsConfig OFF = new HstsConfig(Duration.ZERO, false, false);

    /** The value of the field. */
    public String value() {
        return "max-age=" + maxAge.toSeconds() + (includeSubdomains ? "; includeSubDomains" : "")
                + (preload ? "; preload" : "");
    }
}
