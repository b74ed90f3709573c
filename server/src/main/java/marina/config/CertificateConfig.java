package marina.config;

import java.util.function.Function;

/** Where a listener has a certificate from. */
public sealed interface CertificateConfig permits CertificateFiles, AcmeConfig {

    /** One of two ways to go on, by what it is. */
    <T> T fold(Function<CertificateFiles, T> files, Function<AcmeConfig, T> acme);
}
