package marina.config;

import java.nio.file.Path;

/**
 * A certificate in files.
 *
 * @param certificate PEM file with the certificate and its chain
 * @param key PEM file with the private key
 */
public record CertificateConfig(Path certificate, Path key) {}
