package marina.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import marina.config.CertificateConfig;
import marina.config.ListenConfig;
import marina.tls.PemException;
import marina.tls.ServerCertificate;
import org.eclipse.jetty.http2.HTTP2Cipher;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates of one listener. They can be exchanged at any time: new connections get the new ones, open ones go on.
 * Loaded by one thread at a time; reading is thread-safe.
 */
final class ServerTls {
    private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);

    private final SslContextFactory.Server factory = newFactory();
    private volatile List<ServerCertificate> certificates = List.of();
    private volatile CertificateAge lastAge = CertificateAge.FINE;

    /** What handshakes use. */
    SslContextFactory.Server factory() {
        return factory;
    }

    /** What is shown to clients now. */
    List<ServerCertificate> certificates() {
        return certificates;
    }

    /**
     * Goes over to the certificates in the files of a listener, if they are others than those in use.
     *
     * @throws PemException when they cannot be used; those in use stay
     */
    void load(ListenConfig listener) throws PemException {
        List<ServerCertificate> next = new ArrayList<>();
        for (CertificateConfig files : listener.tls().certificates()) {
            next.add(ServerCertificate.read(files.certificate(), files.key()));
        }
        if (!next.equals(certificates)) {
            listener.tls().certificates().forEach(files -> warnOfReaders(listener, files.key()));
            use(listener, next);
        }
    }

    private void use(ListenConfig listener, List<ServerCertificate> next) throws PemException {
        KeyStore store = keyStore(next);
        boolean first = certificates.isEmpty();
        try {
            if (first) {
                factory.setKeyStore(store);
            } else {
                tryOut(store);
                factory.reload(same -> same.setKeyStore(store));
            }
        } catch (Exception e) { // Jetty's signatures are as wide
            throw PemException.of("cannot be used for TLS: " + e.getMessage(), e);
        }
        certificates = List.copyOf(next);
        lastAge = CertificateAge.FINE;
        if (!first) {
            LOG.info("Certificate of {} exchanged: {}", listener.address(), describe());
        }
    }

    /** Logs what has come near its end: a month before once, a week before and later each time. */
    void lookAtAge(ListenConfig listener, Instant now) {
        CertificateAge age = CertificateAge.of(firstEnd(), now);
        if (age != CertificateAge.FINE && (age != lastAge || age != CertificateAge.MONTH_LEFT)) {
            String what = age == CertificateAge.EXPIRED ? "has expired" : "expires soon";
            LOG.warn(
                    "{}: the certificate of {} {}: {}; renew it, it is read again when its files change",
                    listener.source(),
                    listener.address(),
                    what,
                    describe(certificates.stream()
                            .filter(one -> CertificateAge.of(one.notAfter(), now) != CertificateAge.FINE)
                            .toList()));
        }
        lastAge = age;
    }

    /** One line for each: names, and when it ends. */
    List<String> describe() {
        return describe(certificates);
    }

    private static List<String> describe(List<ServerCertificate> some) {
        return some.stream()
                .map(one -> String.join(" ", one.names()) + " until " + one.notAfter())
                .toList();
    }

    /** Whole days until the first of them ends; negative afterwards. */
    long daysLeft(Instant now) {
        return Duration.between(now, firstEnd()).toDays();
    }

    private Instant firstEnd() {
        return certificates.stream()
                .map(ServerCertificate::notAfter)
                .min(Instant::compareTo)
                .orElse(Instant.MAX);
    }

    /** A reload that fails would leave the factory without any certificate. */
    private static void tryOut(KeyStore store) throws Exception {
        SslContextFactory.Server trial = newFactory();
        trial.setKeyStore(store);
        trial.start();
        trial.stop();
    }

    private static SslContextFactory.Server newFactory() {
        SslContextFactory.Server factory = new SniFactory();
        factory.setKeyStorePassword("");
        factory.setCipherComparator(HTTP2Cipher.COMPARATOR);
        factory.setUseCipherSuitesOrder(true);
        factory.setEndpointIdentificationAlgorithm(null);
        factory.setRenegotiationAllowed(false);
        return factory;
    }

    /** In memory only. The aliases are in the order of the certificates. */
    private static KeyStore keyStore(List<ServerCertificate> certificates) throws PemException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (int i = 0; i < certificates.size(); i++) {
                ServerCertificate one = certificates.get(i);
                X509Certificate[] chain = one.chain().toArray(X509Certificate[]::new);
                store.setKeyEntry(SniFactory.alias(i), one.key(), new char[0], chain);
            }
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw PemException.of("cannot be used for TLS: " + e.getMessage(), e);
        }
    }

    private static void warnOfReaders(ListenConfig listener, Path key) {
        try {
            if (Files.getPosixFilePermissions(key).contains(PosixFilePermission.OTHERS_READ)) {
                LOG.warn(
                        "{}: every user of this machine may read the private key {}; run chmod 600 on it",
                        listener.source(),
                        key);
            }
        } catch (IOException | UnsupportedOperationException e) {
            LOG.debug("The mode of {} is not known: {}", key, e.toString());
        }
    }
}
