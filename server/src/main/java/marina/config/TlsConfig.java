package marina.config;

import java.nio.file.Path;

/**
 * The certificate of a listener; watched, and read again when it changes.
 *
 * @param certificate PEM file with the certificate and its chain
 * @param key PEM file with the private key
 */
public record TlsConfig(Path certificate, Path key) {

    /** No TLS: plain HTTP. */
    public static final TlsConfig NONE = new TlsConfig(Path.of(""), Path.of(""));
}
