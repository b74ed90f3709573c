package marina.tls;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;

/**
 * A request for a certificate (PKCS#10), as an authority reads it.
 *
 * @param names the host names it is for
 * @param key the key that it is for
 */
public record SigningRequest(List<String> names, PublicKey key) {
    private static final int SEQUENCE = 0x30;
    private static final int DNS_NAME = 0x82;
    private static final int UNUSED_BITS = 1;

    /** Reads one and verifies its signature. */
    public static SigningRequest read(byte[] der) throws GeneralSecurityException {
        Der.Reader parts = new Der.Reader(der).enter();
        byte[] content = parts.content();
        parts.skip(); // the algorithm, always SHA256withECDSA here
        byte[] bits = parts.content();
        Der.Reader fields = new Der.Reader(content);
        fields.skip(); // version
        fields.skip(); // subject
        PublicKey key = KeyFactory.getInstance("EC")
                .generatePublic(new X509EncodedKeySpec(Der.tagged(SEQUENCE, fields.content())));
        verify(Der.tagged(SEQUENCE, content), bits, key);
        Der.Reader attribute = fields.enter().enter();
        attribute.skip(); // extensionRequest
        Der.Reader extension = attribute.enter().enter().enter();
        extension.skip(); // subjectAltName
        Der.Reader alternatives = new Der.Reader(extension.content()).enter();
        List<String> names = new ArrayList<>();
        while (alternatives.hasMore()) {
            if (alternatives.tag() != DNS_NAME) {
                throw new GeneralSecurityException("not a DNS name: " + alternatives.tag());
            }
            names.add(new String(alternatives.content(), StandardCharsets.US_ASCII));
        }
        return new SigningRequest(List.copyOf(names), key);
    }

    private static void verify(byte[] signed, byte[] bits, PublicKey key) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initVerify(key);
        signature.update(signed);
        if (!signature.verify(bits, UNUSED_BITS, bits.length - UNUSED_BITS)) {
            throw new GeneralSecurityException("the request is not signed with its key");
        }
    }
}
