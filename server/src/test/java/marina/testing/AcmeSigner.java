package marina.testing;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import marina.tls.SigningRequest;
import marina.tls.X509Writer;

/**
 * The key of {@link AcmeAuthority}.
 *
 * @param key signs all certificates
 * @param root says so
 */
record AcmeSigner(KeyPair key, X509Certificate root) {
    private static final String NAME = "root.test";
    private static final byte[] KEY_ID = {1, 2, 3, 4};

    static AcmeSigner create() {
        try {
            KeyPair key = X509Writer.newKey();
            Instant now = Instant.now();
            X509Writer.Draft draft =
                    new X509Writer.Draft(List.of(NAME), NAME, now.minusSeconds(60), now.plus(Duration.ofDays(3650)));
            return new AcmeSigner(key, X509Writer.certificate(draft, key.getPublic(), key.getPrivate()));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** The certificate and the root, in PEM. */
    String issue(SigningRequest wanted, Duration lifetime) throws GeneralSecurityException {
        Instant now = Instant.now();
        X509Writer.Draft draft = new X509Writer.Draft(wanted.names(), NAME, now.minusSeconds(1), now.plus(lifetime));
        X509Certificate leaf = X509Writer.certificate(draft, wanted.key(), key.getPrivate(), KEY_ID);
        return pem(leaf) + pem(root);
    }

    private static String pem(X509Certificate certificate) throws GeneralSecurityException {
        return TestCertificates.pem("CERTIFICATE", certificate.getEncoded());
    }
}
