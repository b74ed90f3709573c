package marina.fleet;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Writes the way of a request so that it survives in the field {@code fly-replay}, whose separators are not the same everywhere: in
 * letters, digits, {@code -} and {@code _} only (RFC 4648 section 5). With a secret it is signed with HMAC-SHA256 (RFC 2104),
 * and what is not signed with it is not read. Thread-safe.
 */
public final class HopSeal {
    private static final String ALGORITHM = "HmacSHA256";
    private static final String PURPOSE = "marina hop 1\0";
    private static final int PARTS = 5;
    private static final int MAC_BYTES = 32;
    private static final int LONGEST = 2_000;
    private static final int MOST_HOPS = 99;

    private final @Nullable SecretKeySpec key;

    /**
     * A seal.
     *
     * @param secret empty for none
     */
    public HopSeal(String secret) {
        key = secret.isEmpty() ? null : new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
    }

    /** Whether there is a secret, so that what has no seal is refused. */
    public boolean isStrict() {
        return key != null;
    }

    /** The text of a state. */
    public String write(HopState state) {
        Here sender = state.sender();
        String text = String.join(
                "|", Integer.toString(state.hops()), sender.app(), sender.region(), sender.machine(), state.version());
        byte[] plain = text.getBytes(StandardCharsets.UTF_8);
        byte[] mac = key == null ? new byte[0] : mac(key, plain);
        byte[] all = new byte[mac.length + plain.length];
        System.arraycopy(mac, 0, all, 0, mac.length);
        System.arraycopy(plain, 0, all, mac.length, plain.length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(all);
    }

    /** The state that a text tells; empty when it is none, or not signed as it should be. */
    public Optional<HopState> read(String text) {
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        byte[] all;
        try {
            all = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        int start = key == null ? 0 : MAC_BYTES;
        if (all.length <= start) {
            return Optional.empty();
        }
        byte[] plain = java.util.Arrays.copyOfRange(all, start, all.length);
        if (key != null && !MessageDigest.isEqual(mac(key, plain), java.util.Arrays.copyOf(all, MAC_BYTES))) {
            return Optional.empty();
        }
        return parse(new String(plain, StandardCharsets.UTF_8));
    }

    private static Optional<HopState> parse(String plain) {
        String[] parts = plain.split("\\|", -1);
        if (parts.length != PARTS || !parts[0].matches("[1-9][0-9]?")) {
            return Optional.empty();
        }
        int hops = Math.min(Integer.parseInt(parts[0]), MOST_HOPS);
        return Optional.of(new HopState(hops, new Here(parts[1], parts[2], parts[3]), parts[4]));
    }

    private static byte[] mac(SecretKeySpec key, byte[] text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(PURPOSE.getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(text);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }
}
