package marina.tls;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;

/** Private keys in the three forms that PEM files have: PKCS#8, and the older PKCS#1 (RSA) and SEC1 (EC). */
final class PrivateKeys {
    private static final List<String> ALGORITHMS = List.of("EC", "RSA", "EdDSA");
    private static final byte[] VERSION = Der.integer(0);

    private PrivateKeys() {}

    static PrivateKey first(List<PemFile.Block> blocks) throws PemException {
        byte[] curve = {};
        for (PemFile.Block block : blocks) {
            boolean oldEncryption = block.text().contains("ENCRYPTED");
            if (block.label().equals("ENCRYPTED PRIVATE KEY") || oldEncryption) {
                throw new PemException("is encrypted, and Marina has no pass phrase for it; write it without, e.g. with"
                        + " openssl pkey -in encrypted.key -out tls.key, readable by Marina's user only");
            }
            switch (block.label()) {
                case "PRIVATE KEY" -> {
                    return ofPkcs8(block.content());
                }
                case "RSA PRIVATE KEY" -> {
                    return ofPkcs8(wrap(Der.sequence(Der.oid("1.2.840.113549.1.1.1"), Der.NULL), block.content()));
                }
                case "EC PRIVATE KEY" -> {
                    return ofSec1(block.content(), curve);
                }
                case "EC PARAMETERS" -> curve = block.content();
                default -> {} // a certificate, for example
            }
        }
        throw new PemException("holds no private key; it must be in PEM, with a line -----BEGIN PRIVATE KEY-----,"
                + " -----BEGIN RSA PRIVATE KEY----- or -----BEGIN EC PRIVATE KEY-----");
    }

    /** PKCS#8 (RFC 5208): version, algorithm, key. */
    private static byte[] wrap(byte[] algorithm, byte[] key) {
        return Der.sequence(VERSION, algorithm, Der.octets(key));
    }

    /** SEC1 (RFC 5915): the curve stands in the key, at [0], or in a block of its own before it. */
    private static PrivateKey ofSec1(byte[] key, byte[] curveBefore) throws PemException {
        byte[] named;
        try {
            named = curve(key);
        } catch (IndexOutOfBoundsException e) {
            throw new PemException("is damaged: its private key cannot be read", e);
        }
        byte[] curve = named.length == 0 ? curveBefore : named;
        return ofPkcs8(wrap(Der.sequence(Der.oid("1.2.840.10045.2.1"), curve), key));
    }

    private static byte[] curve(byte[] sec1) {
        Der.Reader fields = new Der.Reader(sec1).enter();
        fields.skip(); // version
        fields.skip(); // the number
        return fields.hasMore() && fields.tag() == Der.CONTEXT_0 ? fields.content() : new byte[0];
    }

    private static PrivateKey ofPkcs8(byte[] encoded) throws PemException {
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(encoded);
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (GeneralSecurityException e) {
                // a key of another algorithm, perhaps
            }
        }
        throw new PemException("holds a private key that this Java cannot read; use an RSA or an EC key");
    }
}
