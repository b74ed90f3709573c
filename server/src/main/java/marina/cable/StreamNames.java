package marina.cable;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The names of streams as clients send them. With a key only signed ones count, in the form of Turbo's
 * {@code signed_stream_name}: the name as JSON in Base64, two hyphens, and the HMAC-SHA256 of the former in hex
 * (ActiveSupport::MessageVerifier with the digest SHA256 and the serializer JSON). Thread-safe.
 */
final class StreamNames {
    private static final String ALGORITHM = "HmacSHA256";
    private static final String SEPARATOR = "--";
    private static final int LONGEST = 2048;

    private final byte[] key; // empty: names need no signature

    StreamNames(byte[] key) {
        this.key = key.clone();
    }

    /** The stream that a client asks for; empty when it may not. */
    Optional<String> read(String sent) {
        if (sent.isEmpty() || sent.length() > LONGEST) {
            return Optional.empty();
        }
        return key.length == 0 ? Optional.of(sent) : verified(sent);
    }

    private Optional<String> verified(String sent) {
        int end = sent.lastIndexOf(SEPARATOR);
        if (end <= 0) {
            return Optional.empty();
        }
        String data = sent.substring(0, end);
        String expected = HexFormat.of().formatHex(hmac(key, data));
        String shown = sent.substring(end + SEPARATOR.length());
        if (!MessageDigest.isEqual(bytes(expected), bytes(shown))) {
            return Optional.empty();
        }
        try {
            String json = new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
            return Optional.of(JsonText.string(json)).filter(name -> !name.isEmpty());
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // signed, but by somebody with another form in mind
        }
    }

    static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac.doFinal(bytes(text));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(ALGORITHM + " is missing in this JVM", e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
