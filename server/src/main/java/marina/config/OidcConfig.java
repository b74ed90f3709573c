package marina.config;

import java.net.URI;
import java.util.List;
import java.util.Locale;

/**
 * A provider of OpenID Connect (OpenID Connect Core 1.0).
 *
 * @param issuer who signs tokens, exactly as the provider calls itself
 * @param clientId what the provider calls this server
 * @param clientSecret what proves it
 * @param scopes what the provider is asked for
 * @param userClaim the claim that names the user
 * @param allowed who may enter: names, {@code *@domain}, or {@code *} for everybody whom the provider knows
 * @param callback path below the prefix of the login to which the provider sends clients back
 * @param endpoints where the provider is asked; empty ones are discovered
 */
public record OidcConfig(
        URI issuer,
        String clientId,
        Secret clientSecret,
        List<String> scopes,
        String userClaim,
        List<String> allowed,
        String callback,
        Endpoints endpoints) {

    /** No provider. */
    public static final OidcConfig NONE =
            new OidcConfig(URI.create(""), "", Secret.NONE, List.of(), "", List.of(), "", Endpoints.DISCOVERED);

    /** Copies its lists. */
    public OidcConfig {
        scopes = List.copyOf(scopes);
        allowed = List.copyOf(allowed);
    }

    /** Whether a user whom the provider has verified may enter. Addresses are compared without regard to case. */
    public boolean allows(String user) {
        String address = user.toLowerCase(Locale.ROOT);
        return allowed.stream().anyMatch(rule -> {
            if (rule.equals("*") || rule.equals(user)) {
                return true;
            }
            String folded = rule.toLowerCase(Locale.ROOT);
            return folded.startsWith("*@")
                    ? address.length() > folded.length() - 1 && address.endsWith(folded.substring(1))
                    : folded.indexOf('@') > 0 && folded.equals(address);
        });
    }

    /**
     * URLs of the provider; an empty one is taken from its metadata (OpenID Connect Discovery 1.0).
     *
     * @param authorization where users log in
     * @param token where codes are exchanged for tokens
     * @param userinfo where claims are found that the token does not have
     * @param endSession where users log out
     */
    public record Endpoints(URI authorization, URI token, URI userinfo, URI endSession) {
        private static final URI NOWHERE = URI.create("");

        /** All of them are discovered. */
        public static final Endpoints DISCOVERED = new Endpoints(NOWHERE, NOWHERE, NOWHERE, NOWHERE);
    }
}
