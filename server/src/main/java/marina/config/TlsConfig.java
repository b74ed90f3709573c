package marina.config;

import java.util.List;
import java.util.stream.Stream;

/**
 * The certificates of a listener. Those in files are watched, and read again when they change.
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

    /** Those in files. */
    public Stream<CertificateFiles> files() {
        return certificates.stream().flatMap(one -> one.fold(Stream::of, acme -> Stream.empty()));
    }

    /** Those that Marina orders itself. */
    public Stream<AcmeConfig> acme() {
        return certificates.stream().flatMap(one -> one.fold(files -> Stream.empty(), Stream::of));
    }
}
