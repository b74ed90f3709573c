package marina.cable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import marina.config.CableConfig;

/**
 * What applications are given so that nobody else can speak for their context: a token for broadcasts, and the key that names of
 * streams are signed with. The tokens are those of one run of the server. Thread-safe.
 */
final class CableKeys {
    private static final Base64.Encoder TEXT = Base64.getUrlEncoder().withoutPadding();

    private final byte[] tokenKey = new byte[32];

    CableKeys() {
        new SecureRandom().nextBytes(tokenKey);
    }

    /** Of a context: its path and a proof. */
    String token(String scope) {
        return TEXT.encodeToString(scope.getBytes(StandardCharsets.UTF_8)) + "." + proof(scope);
    }

    /** The context that a token is of; empty when Marina has not given it out. */
    Optional<String> scope(String token) {
        int dot = token.indexOf('.');
        if (dot < 0) {
            return Optional.empty();
        }
        String scope;
        try {
            scope = new String(Base64.getUrlDecoder().decode(token.substring(0, dot)), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        byte[] shown = token.substring(dot + 1).getBytes(StandardCharsets.UTF_8);
        boolean proven = MessageDigest.isEqual(proof(scope).getBytes(StandardCharsets.UTF_8), shown);
        return proven ? Optional.of(scope) : Optional.empty();
    }

    private String proof(String scope) {
        return TEXT.encodeToString(StreamNames.hmac(tokenKey, scope));
    }

    /**
     * What names of a context's streams are signed with; empty without a secret. For the streams that all share, and those of the
     * context {@code /}, it is the secret; every other context has its own, so that a name that one has signed is worth
     * nothing at another.
     */
    static String signingKey(CableConfig config, String scope) {
        String secret = config.secret().value();
        return secret.isEmpty() || scope.equals(Cable.ROOT)
                ? secret
                : HexFormat.of().formatHex(StreamNames.hmac(secret.getBytes(StandardCharsets.UTF_8), "cable:" + scope));
    }
}
