package marina.config;

import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import marina.tls.PemException;
import marina.tls.PemFile;
import marina.tls.ServerCertificate;

/** Reads {@code tls} of a listener, and looks into its files, so that a mistake shows before anything has changed. */
final class TlsReader {
    private TlsReader() {}

    static Optional<CertificateConfig> certificate(Section s) {
        List<String> files = List.of("certificate", "key");
        if (!s.has("acme")) {
            return files(s, ", or acme").map(found -> found);
        }
        for (String name : files) {
            if (s.has(name)) {
                s.problem(name, "has no effect beside acme, which orders both; keep one of the two ways");
            }
        }
        return s.section("acme", AcmeReader::read).map(found -> found);
    }

    /** @param otherwise what could be written instead, for the message */
    static Optional<CertificateFiles> files(Section s, String otherwise) {
        PathText paths = s.reading().paths();
        Optional<Loaded<List<X509Certificate>>> certificate =
                s.value("certificate", text -> load(paths.file(text), PemFile::certificates));
        Optional<Loaded<PrivateKey>> key = s.value("key", text -> load(paths.file(text), PemFile::privateKey));
        for (String name : List.of("certificate", "key")) {
            if (!s.has(name)) {
                s.problem(name, "needs " + name + ", the path of a PEM file" + otherwise);
            }
        }
        if (certificate.isEmpty() || key.isEmpty()) {
            return Optional.empty();
        }
        try {
            ServerCertificate.of(certificate.get().content(), key.get().content());
        } catch (PemException e) {
            s.problem("key", s.written("key").map(Value::describe).orElse("") + " " + e.reason());
        }
        return Optional.of(
                new CertificateFiles(certificate.get().file(), key.get().file()));
    }

    private static <T> Loaded<T> load(Path file, Loader<T> loader) {
        try {
            return new Loaded<>(file, loader.load(file));
        } catch (PemException e) {
            throw BadText.of(e.reason());
        }
    }

    /** Reads one kind of thing from a PEM file. */
    @FunctionalInterface
    private interface Loader<T> {
        T load(Path file) throws PemException;
    }

    /** A file and what is in it. */
    private record Loaded<T>(Path file, T content) {}
}
