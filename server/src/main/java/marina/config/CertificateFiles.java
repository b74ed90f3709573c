package marina.config;

import java.nio.file.Path;
import java.util.function.Function;

/**
 * A certificate in files that somebody else keeps.
 *
 * @param certificate PEM file with the certificate and its chain
 * @param key PEM file with the private key
 */
public record CertificateFiles(Path certificate, Path key) implements CertificateConfig {
    @Override
    public <T> T fold(Function<CertificateFiles, T> files, Function<AcmeConfig, T> acme) {
        return files.apply(this);
    }
}
