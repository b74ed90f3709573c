package marina.acme;

import java.time.Instant;
import marina.tls.ServerCertificate;

/**
 * What clients get at present.
 *
 * @param certificate with its key
 * @param origin what it is worth
 * @param since when it came here
 */
public record Shown(ServerCertificate certificate, Origin origin, Instant since) {

    /** Where it is from. */
    public enum Origin {
        /** From the authority, for exactly the wanted names. */
        ORDERED,
        /** From the authority, for an earlier list of names. */
        OTHER_NAMES,
        /** Signed by itself: nobody trusts it. */
        PLACEHOLDER
    }

    /** Whether it is better than nothing, and no more. */
    public boolean isPlaceholder() {
        return origin == Origin.PLACEHOLDER;
    }

    String describe() {
        return isPlaceholder()
                ? "clients get a self-signed placeholder"
                : "clients get the certificate for " + String.join(", ", certificate.names()) + " until "
                        + certificate.notAfter();
    }
}
