package marina.tls;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** Writes certificates (RFC 5280) and requests for them (PKCS#10, RFC 2986), for which the JDK has no public means. Pure. */
public final class X509Writer {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SERIAL_BITS = 127;
    private static final int BIT_STRING = 0x03;
    private static final int UTF8_STRING = 0x0C;
    private static final int SET = 0x31;
    private static final int GENERALIZED_TIME = 0x18;
    private static final int DNS_NAME = 0x82;
    private static final int CONTEXT_3 = 0xA3;
    private static final int KEY_IDENTIFIER = 0x80;
    private static final byte[] AUTHORITY_KEY = Der.oid("2.5.29.35");
    private static final byte[] SUBJECT_ALT_NAME = Der.oid("2.5.29.17");
    private static final byte[] EXTENSION_REQUEST = Der.oid("1.2.840.113549.1.9.14");
    private static final byte[] COMMON_NAME = Der.oid("2.5.4.3");

    private X509Writer() {}

    /**
     * A certificate to be.
     *
     * @param names host names, the first also as the subject
     * @param issuer common name of who signs
     * @param notBefore when it begins
     * @param notAfter when it ends
     */
    public record Draft(List<String> names, String issuer, Instant notBefore, Instant notAfter) {
        /** Copies its list. */
        public Draft {
            names = List.copyOf(names);
        }
    }

    /** A new EC key on P-256. */
    public static KeyPair newKey() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    /** A certificate for a public key, signed with the issuer's key (RSA or EC). */
    public static X509Certificate certificate(Draft draft, PublicKey key, PrivateKey issuerKey)
            throws GeneralSecurityException {
        return certificate(draft, key, issuerKey, new byte[0]);
    }

    /**
     * A certificate for a public key that names the key which has signed it.
     *
     * @param issuerId what the issuer's key is called in the certificate; empty to leave that out
     */
    public static X509Certificate certificate(Draft draft, PublicKey key, PrivateKey issuerKey, byte[] issuerId)
            throws GeneralSecurityException {
        byte[] authority = issuerId.length == 0
                ? new byte[0]
                : Der.sequence(AUTHORITY_KEY, Der.octets(Der.sequence(Der.tagged(KEY_IDENTIFIER, issuerId))));
        byte[] content = Der.sequence(
                Der.tagged(Der.CONTEXT_0, Der.integer(2)), // version 3
                Der.tagged(2, new BigInteger(SERIAL_BITS, RANDOM).setBit(0).toByteArray()),
                algorithm(issuerKey),
                name(draft.issuer()),
                Der.sequence(time(draft.notBefore()), time(draft.notAfter())),
                name(draft.names().get(0)),
                key.getEncoded(),
                Der.tagged(CONTEXT_3, Der.sequence(alternativeNames(draft.names()), authority)));
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(signed(content, issuerKey)));
    }

    /**
     * A request for a certificate, in DER, signed with the key that it is for. Its subject is empty: who the certificate is
     * for is said by the names (RFC 8555 section 7.4).
     *
     * @param names host names, in ASCII
     */
    public static byte[] request(List<String> names, KeyPair key) throws GeneralSecurityException {
        byte[] extensions = Der.sequence(alternativeNames(names));
        byte[] content = Der.sequence(
                Der.integer(0), // version 1
                Der.sequence(),
                key.getPublic().getEncoded(),
                Der.tagged(Der.CONTEXT_0, Der.sequence(EXTENSION_REQUEST, Der.tagged(SET, extensions))));
        return signed(content, key.getPrivate());
    }

    private static byte[] signed(byte[] content, PrivateKey key) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(isRsa(key) ? "SHA256withRSA" : "SHA256withECDSA");
        signature.initSign(key);
        signature.update(content);
        return Der.sequence(content, algorithm(key), Der.tagged(BIT_STRING, new byte[1], signature.sign()));
    }

    private static byte[] algorithm(PrivateKey key) {
        return isRsa(key)
                ? Der.sequence(Der.oid("1.2.840.113549.1.1.11"), Der.NULL)
                : Der.sequence(Der.oid("1.2.840.10045.4.3.2"));
    }

    private static boolean isRsa(PrivateKey key) {
        return key.getAlgorithm().equals("RSA");
    }

    private static byte[] name(String commonName) {
        return Der.sequence(Der.tagged(
                SET, Der.sequence(COMMON_NAME, Der.tagged(UTF8_STRING, commonName.getBytes(StandardCharsets.UTF_8)))));
    }

    private static byte[] alternativeNames(List<String> names) {
        byte[][] each = names.stream()
                .map(name -> Der.tagged(DNS_NAME, name.getBytes(StandardCharsets.US_ASCII)))
                .toArray(byte[][]::new);
        return Der.sequence(SUBJECT_ALT_NAME, Der.octets(Der.sequence(each)));
    }

    private static byte[] time(Instant instant) {
        return Der.tagged(GENERALIZED_TIME, TIME.format(instant).getBytes(StandardCharsets.US_ASCII));
    }
}
