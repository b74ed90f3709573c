package marina.login;

import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import marina.config.OidcConfig;
import org.eclipse.jetty.security.openid.JwtDecoder;

/**
 * Reads ID tokens. Their signature need not be verified, because they come from the provider itself over TLS, or from this machine
 * (OpenID Connect Core 1.0 section 3.1.3.7, item 6). Pure.
 */
final class IdToken {
    /** Clocks differ. */
    private static final int LEEWAY_SECONDS = 60;

    private IdToken() {}

    /**
     * The claims of the token that a token endpoint has answered with.
     *
     * @throws ProviderException when it is not for us, or not for this login, or not valid any more
     */
    static Map<String, Object> claims(Map<String, Object> answer, OidcConfig config, String nonce) {
        if (!(answer.get("id_token") instanceof String token)) {
            throw ProviderException.refused("the provider has sent no ID token");
        }
        Map<String, Object> claims;
        try {
            claims = JwtDecoder.decode(token);
        } catch (RuntimeException e) {
            throw ProviderException.refused("the ID token cannot be read: " + e.getMessage());
        }
        require(config.issuer().toString().equals(claims.get("iss")), "is of another issuer");
        require(isFor(config.clientId(), claims), "is for another client");
        long now = Clock.systemUTC().instant().getEpochSecond();
        require(claims.get("exp") instanceof Number end && end.longValue() + LEEWAY_SECONDS > now, "has expired");
        boolean early = claims.get("nbf") instanceof Number start && start.longValue() - LEEWAY_SECONDS > now;
        require(!early, "is not valid yet");
        require(
                claims.get("nonce") instanceof String told && Signer.same(told, nonce),
                "is for another login: its nonce is not the one that was sent");
        require(claims.get("sub") instanceof String subject && !subject.isEmpty(), "has no subject");
        return claims;
    }

    /** Items 3 to 5 of section 3.1.3.7. */
    private static boolean isFor(String client, Map<String, Object> claims) {
        Object audience = claims.get("aud");
        List<?> all = audience instanceof Object[] several ? Arrays.asList(several) : List.of(String.valueOf(audience));
        Object party = claims.get("azp");
        return all.contains(client) && (party == null ? all.size() == 1 : client.equals(party));
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw ProviderException.refused("the ID token " + otherwise);
        }
    }
}
