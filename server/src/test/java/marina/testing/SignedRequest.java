package marina.testing;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import org.eclipse.jetty.util.ajax.JSON;

/**
 * What a client of ACME has sent: a JSON Web Signature (RFC 7515) with ES256.
 *
 * @param header its protected header
 * @param payload what is said; empty for POST-as-GET
 * @param signed what the signature is over
 * @param signature the signature, in Base64
 */
record SignedRequest(Map<String, Object> header, Map<String, Object> payload, String signed, String signature) {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    static SignedRequest read(String body) {
        Map<String, Object> parts = json(body);
        String header = String.valueOf(parts.get("protected"));
        String payload = String.valueOf(parts.get("payload"));
        return new SignedRequest(
                json(text(header)),
                payload.isEmpty() ? Map.of() : json(text(payload)),
                header + "." + payload,
                String.valueOf(parts.get("signature")));
    }

    String text(Map<String, Object> of, String key) {
        return String.valueOf(of.get(key));
    }

    boolean isSignedBy(PublicKey key) throws GeneralSecurityException {
        Signature verifier = Signature.getInstance("SHA256withECDSAinP1363Format");
        verifier.initVerify(key);
        verifier.update(signed.getBytes(StandardCharsets.US_ASCII));
        return "ES256".equals(header.get("alg")) && verifier.verify(bytes(signature));
    }

    /** The key that the header brings along (RFC 7517). */
    Jwk jwk() {
        Map<String, Object> jwk = map(Objects.requireNonNull(header.get("jwk")));
        return new Jwk(text(jwk, "x"), text(jwk, "y"));
    }

    /** A public key on P-256. */
    record Jwk(String x, String y) {
        PublicKey key() throws GeneralSecurityException {
            AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
            curve.init(new ECGenParameterSpec("secp256r1"));
            ECPoint point = new ECPoint(new BigInteger(1, bytes(x)), new BigInteger(1, bytes(y)));
            return KeyFactory.getInstance("EC")
                    .generatePublic(new ECPublicKeySpec(point, curve.getParameterSpec(ECParameterSpec.class)));
        }

        /** RFC 7638. */
        String thumbprint() throws GeneralSecurityException {
            String canonical = "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"" + x + "\",\"y\":\"" + y + "\"}";
            return BASE64.encodeToString(
                    MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.US_ASCII)));
        }
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(Object json) {
        return (Map<String, Object>) json;
    }

    static byte[] bytes(String base64) {
        return Base64.getUrlDecoder().decode(base64);
    }

    private static String text(String base64) {
        return new String(bytes(base64), StandardCharsets.UTF_8);
    }

    private static Map<String, Object> json(String text) {
        return map(Objects.requireNonNull(new JSON().fromJSON(text)));
    }
}
