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
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import marina.acme.AcmeCertificates;
import marina.acme.Shown;
import marina.config.CertificateConfig;
import marina.config.CertificateFiles;
import marina.config.ListenConfig;
import marina.tls.PemException;
import marina.tls.ServerCertificate;
import org.eclipse.jetty.http2.HTTP2Cipher;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates of one listener. They can be exchanged at any time: new connections get the new ones, open ones go on.
 * Thread-safe; nothing of a connection waits for a change.
 */
final class ServerTls {
    private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);

    private final SslContextFactory.Server factory = newFactory();
    private final AcmeCertificates acme;
    private volatile List<Loaded> loaded = List.of();
    private volatile CertificateAge lastAge = CertificateAge.FINE;

    /**
     * Without certificates yet.
     *
     * @param acme has those that Marina orders itself
     */
    ServerTls(AcmeCertificates acme) {
        this.acme = acme;
    }

    /**
     * A certificate in use.
     *
     * @param config where it is from
     * @param certificate with its key
     * @param isPlaceholder whether it only stands in for one that an authority will send
     */
    private record Loaded(CertificateConfig config, ServerCertificate certificate, boolean isPlaceholder) {
        boolean isOrdered() {
            return config.fold(files -> false, ordered -> true);
        }
    }

    /** What handshakes use. */
    SslContextFactory.Server factory() {
        return factory;
    }

    /**
     * Goes over to the certificates of a listener, if they are others than those in use; files are read again.
     *
     * @throws PemException when they cannot be used; those in use stay
     */
    synchronized void load(ListenConfig listener) throws PemException {
        List<Loaded> next = new ArrayList<>();
        for (CertificateConfig config : listener.tls().certificates()) {
            Optional<CertificateFiles> files = config.fold(Optional::of, ordered -> Optional.empty());
            next.add(
                    files.isPresent()
                            ? new Loaded(
                                    config,
                                    ServerCertificate.read(
                                            files.get().certificate(),
                                            files.get().key()),
                                    false)
                            : ordered(config));
        }
        if (!next.equals(loaded)) {
            listener.tls().files().forEach(files -> warnOfReaders(listener, files.key()));
            use(listener, next);
        }
    }

    /**
     * Takes over what has come from an authority; reads no file.
     *
     * @throws PemException when it cannot be used; those in use stay
     */
    synchronized void refresh(ListenConfig listener) throws PemException {
        List<Loaded> next = new ArrayList<>();
        for (Loaded one : loaded) {
            next.add(one.isOrdered() ? ordered(one.config()) : one);
        }
        if (!next.equals(loaded)) {
            use(listener, next);
        }
    }

    private Loaded ordered(CertificateConfig config) {
        Shown shown = config.fold(
                files -> {
                    throw new IllegalArgumentException("not ordered by Marina: " + files);
                },
                acme::shown);
        return new Loaded(config, shown.certificate(), shown.isPlaceholder());
    }

    private void use(ListenConfig listener, List<Loaded> next) throws PemException {
        List<ServerCertificate> certificates =
                next.stream().map(Loaded::certificate).toList();
        if (certificates.equals(loaded.stream().map(Loaded::certificate).toList())) {
            loaded = List.copyOf(next); // the same ones, asked for in other words
            return;
        }
        KeyStore store = keyStore(certificates);
        boolean first = loaded.isEmpty();
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
        loaded = List.copyOf(next);
        lastAge = CertificateAge.FINE;
        if (!first) {
            LOG.info("Certificate of {} exchanged: {}", listener.address(), describe());
        }
    }

    /**
     * Logs what has come near its end: a month before once, a week before and later each time. Those that Marina orders are
     * not meant: whoever orders them says what is wrong.
     */
    void lookAtAge(ListenConfig listener, Instant now) {
        List<Loaded> files = loaded.stream().filter(one -> !one.isOrdered()).toList();
        Instant firstEnd = files.stream()
                .map(one -> one.certificate().notAfter())
                .min(Instant::compareTo)
                .orElse(Instant.MAX);
        CertificateAge age = CertificateAge.of(firstEnd, now);
        if (age != CertificateAge.FINE && (age != lastAge || age != CertificateAge.MONTH_LEFT)) {
            String what = age == CertificateAge.EXPIRED ? "has expired" : "expires soon";
            LOG.warn(
                    "{}: the certificate of {} {}: {}; renew it, it is read again when its files change",
                    listener.source(),
                    listener.address(),
                    what,
                    describe(files.stream()
                            .filter(one -> CertificateAge.of(one.certificate().notAfter(), now) != CertificateAge.FINE)
                            .toList()));
        }
        lastAge = age;
    }

    /** One line for each: names, and when it ends. */
    List<String> describe() {
        return describe(loaded);
    }

    private static List<String> describe(List<Loaded> some) {
        return some.stream()
                .map(one -> String.join(" ", one.certificate().names())
                        + (one.isPlaceholder()
                                ? " (self-signed placeholder)"
                                : " until " + one.certificate().notAfter()))
                .toList();
    }

    /** Whole days until the first of them ends; negative afterwards. None are left of a placeholder. */
    long daysLeft(Instant now) {
        return loaded.stream()
                .mapToLong(one -> one.isPlaceholder()
                        ? 0
                        : Duration.between(now, one.certificate().notAfter()).toDays())
                .min()
                .orElse(Long.MAX_VALUE);
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

    /** For servers that are not Jetty's: shows one certificate. */
    static SSLContext context(ServerCertificate certificate) throws PemException {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(keyStore(List.of(certificate)), new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw PemException.of("cannot be used for TLS: " + e.getMessage(), e);
        }
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
