package marina.tls;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;

/** Writes what {@link PemFile} reads (RFC 7468). Pure. */
public final class PemWriter {
    private static final int LINE = 64;
    private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(LINE, "\n".getBytes(StandardCharsets.US_ASCII));

    private PemWriter() {}

    /** A private key as PKCS#8. */
    public static String key(PrivateKey key) {
        return block("PRIVATE KEY", key.getEncoded());
    }

    /** A private key and its public one. */
    public static String keyPair(KeyPair pair) {
        return key(pair.getPrivate()) + block("PUBLIC KEY", pair.getPublic().getEncoded());
    }

    /**
     * The key, the certificate and its chain, for one file: they cannot get out of step there.
     *
     * @throws CertificateEncodingException when a certificate has no DER form
     */
    public static String pair(ServerCertificate pair) throws CertificateEncodingException {
        StringBuilder text = new StringBuilder(key(pair.key()));
        for (X509Certificate certificate : pair.chain()) {
            text.append(block("CERTIFICATE", certificate.getEncoded()));
        }
        return text.toString();
    }

    private static String block(String label, byte[] content) {
        return "-----BEGIN " + label + "-----\n" + BASE64.encodeToString(content) + "\n-----END " + label + "-----\n";
    }
}
