package marina.login;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signs texts with HMAC-SHA256 (RFC 2104), each for one purpose and one scope: what was signed for another is not valid.
 * Thread-safe.
 */
public final class Signer {
    private static final String ALGORITHM = "HmacSHA256";
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final int RANDOM_BYTES = 16;

    private final SecretKeySpec key;
    private final SecureRandom random = new SecureRandom();

    /**
     * A signer.
     *
     * @param scope whose logins these are; signers of other scopes do not accept them
     */
    public Signer(byte[] master, String scope) {
        this.key = new SecretKeySpec(mac(new SecretKeySpec(master, ALGORITHM), "marina login 1\0" + scope), ALGORITHM);
    }

    /** The text with its signature, made of letters, digits and {@code - _ .} only. */
    public String sign(String purpose, String text) {
        return ENCODER.encodeToString(text.getBytes(StandardCharsets.UTF_8)) + "." + digest(purpose, text);
    }

    /** The text that was signed; null when it was not signed here, or for something else. */
    public @Nullable String verify(String purpose, String signed) {
        int dot = signed.indexOf('.');
        if (dot < 0) {
            return null;
        }
        String text;
        try {
            text = new String(Base64.getUrlDecoder().decode(signed.substring(0, dot)), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
        return same(digest(purpose, text), signed.substring(dot + 1)) ? text : null;
    }

    /** What only this signer can tell of a text, in 43 letters, digits, {@code -} and {@code _}. */
    String digest(String purpose, String text) {
        return ENCODER.encodeToString(mac(key, purpose + "\0" + text));
    }

    /** Something that nobody can guess, 128 bits in 22 letters, digits, {@code -} and {@code _}. */
    String random() {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return ENCODER.encodeToString(bytes);
    }

    /** Compares in a time that does not tell where they differ. */
    static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    /** The SHA-256 of a text in the form of RFC 7636 section 4.2. */
    static String sha256(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
            return ENCODER.encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static byte[] mac(SecretKeySpec key, String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }
}
