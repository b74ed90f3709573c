package marina.tls;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a server shows, and what proves that it may.
 *
 * @param chain its certificate first, then who has signed it, and so on
 * @param key the private key of the first
 */
public record ServerCertificate(List<X509Certificate> chain, PrivateKey key) {
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;
    private static final String AUTHORITY_KEY = "2.5.29.35";
    private static final int KEY_IDENTIFIER = 0x80;

    /** Copies its list. */
    public ServerCertificate {
        chain = List.copyOf(chain);
    }

    /** Reads and verifies a certificate and its key. */
    public static ServerCertificate read(Path certificate, Path key) throws PemException {
        return of(PemFile.certificates(certificate), PemFile.privateKey(key));
    }

    /**
     * The certificate among these that belongs to a key, with its chain: some authorities hand them out in another order.
     *
     * @throws PemException when none belongs to the key
     */
    public static ServerCertificate of(List<X509Certificate> certificates, PrivateKey key) throws PemException {
        for (X509Certificate certificate : certificates) {
            if (belong(certificate.getPublicKey(), key)) {
                return new ServerCertificate(chain(certificate, certificates), key);
            }
        }
        throw new PemException("is not the key of the certificate ("
                + certificates.get(0).getSubjectX500Principal().getName() + "); take the two of one pair");
    }

    /** The certificate itself. */
    public X509Certificate leaf() {
        return chain.get(0);
    }

    /** When it ends. */
    public Instant notAfter() {
        return leaf().getNotAfter().toInstant();
    }

    /** The names and addresses that it is for; its subject when it names none. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> alternatives = leaf().getSubjectAlternativeNames();
            for (List<?> alternative : alternatives == null ? List.<List<?>>of() : alternatives) {
                boolean isName = Objects.equals(alternative.get(0), DNS_NAME);
                if (isName || Objects.equals(alternative.get(0), IP_ADDRESS)) {
                    names.add(String.valueOf(alternative.get(1)));
                }
            }
        } catch (GeneralSecurityException e) {
            names.clear(); // unreadable names are none
        }
        return names.isEmpty() ? List.of(leaf().getSubjectX500Principal().getName()) : List.copyOf(names);
    }

    /**
     * The name under which its issuer knows it when asked about its renewal (RFC 9773 section 4.1): the issuer's key and the
     * serial number. Empty when it does not name the key.
     */
    public Optional<String> renewalId() {
        byte[] extension = leaf().getExtensionValue(AUTHORITY_KEY);
        if (extension == null) {
            return Optional.empty();
        }
        try {
            Der.Reader fields = new Der.Reader(new Der.Reader(extension).content()).enter();
            while (fields.hasMore()) {
                if (fields.tag() == KEY_IDENTIFIER) {
                    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
                    byte[] serial = leaf().getSerialNumber().toByteArray();
                    return Optional.of(base64.encodeToString(fields.content()) + "." + base64.encodeToString(serial));
                }
                fields.skip();
            }
        } catch (IndexOutOfBoundsException e) {
            return Optional.empty(); // damaged: as if it were not there
        }
        return Optional.empty();
    }

    private static List<X509Certificate> chain(X509Certificate leaf, List<X509Certificate> certificates) {
        List<X509Certificate> chain = new ArrayList<>(List.of(leaf));
        List<X509Certificate> others = new ArrayList<>(certificates);
        others.remove(leaf);
        boolean found = true;
        while (found) {
            X509Certificate last = chain.get(chain.size() - 1);
            found = false;
            for (X509Certificate other : others) {
                if (last.getIssuerX500Principal().equals(other.getSubjectX500Principal())) {
                    chain.add(other);
                    others.remove(other);
                    found = true;
                    break;
                }
            }
        }
        return chain;
    }

    /** Whether a signature made with one is verified by the other. */
    private static boolean belong(PublicKey publicKey, PrivateKey key) {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> key.getAlgorithm();
                };
        try {
            byte[] sample = {1, 2, 3};
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(sample);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(sample);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
