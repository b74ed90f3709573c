package marina.user;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import marina.config.PasswordForm;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.codec.digest.Md5Crypt;
import org.apache.commons.codec.digest.Sha2Crypt;

/** A password as a line of an htpasswd file keeps it. Immutable; its text never shows the hash. */
final class PasswordHash {
    private static final int SHA1_BYTES = 20;

    private final PasswordForm form;
    private final String text;

    private PasswordHash(PasswordForm form, String text) {
        this.form = form;
        this.text = text;
    }

    /** Reads the part of a line behind the colon; empty when it is of no form that is accepted, plain text among them. */
    static Optional<PasswordHash> parse(String text) {
        return PasswordForm.of(text).map(form -> new PasswordHash(form, text));
    }

    /** Whether this is the hash of that password. As slow as its scheme wants it: up to some hundred milliseconds. */
    boolean matches(String password) {
        byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
        return switch (form) {
            case BCRYPT -> BCrypt.verifyer(
                            BCrypt.Version.VERSION_2Y, LongPasswordStrategies.truncate(BCrypt.Version.VERSION_2Y))
                    .verify(bytes, text.getBytes(StandardCharsets.UTF_8))
                    .verified;
            case SHA_256_CRYPT -> same(Sha2Crypt.sha256Crypt(bytes, text));
            case SHA_512_CRYPT -> same(Sha2Crypt.sha512Crypt(bytes, text));
            case APR1 -> same(Md5Crypt.apr1Crypt(bytes, text));
            case MD5_CRYPT -> same(Md5Crypt.md5Crypt(bytes, text));
            case SHA1 -> same("{SHA}" + Base64.getEncoder().encodeToString(DigestUtils.sha1(bytes)));
            case SALTED_SHA1 -> matchesSalted(bytes);
        };
    }

    /** What tells this hash from others, and nothing about the password. */
    String mark() {
        return DigestUtils.sha256Hex(text);
    }

    /** Twenty bytes of SHA-1 over password and salt, then the salt. */
    private boolean matchesSalted(byte[] password) {
        byte[] stored;
        try {
            stored = Base64.getDecoder().decode(text.substring("{SSHA}".length()));
        } catch (IllegalArgumentException e) {
            return false;
        }
        if (stored.length <= SHA1_BYTES) {
            return false;
        }
        MessageDigest digest = DigestUtils.getSha1Digest();
        digest.update(password);
        digest.update(stored, SHA1_BYTES, stored.length - SHA1_BYTES);
        return MessageDigest.isEqual(digest.digest(), Arrays.copyOf(stored, SHA1_BYTES));
    }

    private boolean same(String hashed) {
        return MessageDigest.isEqual(
                hashed.getBytes(StandardCharsets.US_ASCII), text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public String toString() {
        return form.name();
    }
}
