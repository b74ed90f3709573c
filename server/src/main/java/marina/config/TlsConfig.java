package marina.config;

import java.util.List;

/**
 * The certificates of a listener; watched, and read again when they change.
 *
 * @param certificates what is shown to clients, by the name that they ask for; the first to all others
 */
public record TlsConfig(List<CertificateConfig> certificates) {

    /** No TLS: plain HTTP. */
    public static final TlsConfig NONE = new TlsConfig(List.of());

    /** Copies its list. */
    public TlsConfig {
        certificates = List.copyOf(certificates);
    }
}
