package marina.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import marina.tls.X509Writer;

/** Certificates and keys made for a test, without any program. */
public final class TestCertificates {
    private TestCertificates() {}

    /**
     * A key with a certificate that it has signed itself.
     *
     * @param certificate what it is
     * @param key its key
     */
    public record Pair(X509Certificate certificate, PrivateKey key) {

        /** Writes {@code NAME.crt} and {@code NAME.key} into conf. */
        public Pair write(Path base, String name) {
            writeCertificate(base, name);
            write(base, name + ".key", "PRIVATE KEY", key.getEncoded());
            return this;
        }

        /** Writes {@code NAME.crt} only. */
        public void writeCertificate(Path base, String name) {
            try {
                write(base, name + ".crt", "CERTIFICATE", certificate.getEncoded());
            } catch (GeneralSecurityException e) {
                throw new AssertionError(e);
            }
        }

        private static void write(Path base, String name, String label, byte[] content) {
            try {
                Path file = base.resolve("conf").resolve(name);
                Files.createDirectories(file.getParent());
                Path whole = file.resolveSibling(name + ".new");
                Files.writeString(whole, pem(label, content));
                Files.setPosixFilePermissions(whole, PosixFilePermissions.fromString("rw-------"));
                Files.move(whole, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** For these names, with an EC key, for a year. */
    public static Pair of(String... names) {
        return of(Instant.now().plus(Duration.ofDays(365)), "EC", names);
    }

    /** For these names. */
    public static Pair of(Instant end, String algorithm, String... names) {
        try {
            KeyPair pair;
            if (algorithm.equals("EC")) {
                pair = X509Writer.newKey();
            } else {
                KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
                generator.initialize(2048);
                pair = generator.generateKeyPair();
            }
            Instant begin = end.minus(Duration.ofDays(400));
            X509Writer.Draft draft = new X509Writer.Draft(List.of(names), names[0], begin, end);
            return new Pair(X509Writer.certificate(draft, pair.getPublic(), pair.getPrivate()), pair.getPrivate());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** The text of a PEM block. */
    public static String pem(String label, byte[] content) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END "
                + label + "-----\n";
    }
}
