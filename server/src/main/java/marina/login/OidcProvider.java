package marina.login;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import marina.config.OidcConfig;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.NanoTime;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A provider of OpenID Connect: where it is asked, and its answers. It is asked for its metadata when somebody logs in, not before,
 * so that Marina starts without it, and again after an hour; when it does not answer, again after some seconds. Thread-safe;
 * blocks nowhere.
 */
final class OidcProvider {
    private static final Logger LOG = LoggerFactory.getLogger(OidcProvider.class);

    private static final Duration FRESH = Duration.ofHours(1);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final OidcConfig config;
    private final ProviderClient client;
    private final AtomicBoolean down = new AtomicBoolean();
    private volatile @Nullable Known known;
    private @Nullable CompletableFuture<Known> asking; // guarded by this
    private long askedAt; // guarded by this

    OidcProvider(OidcConfig config, ProviderClient client) {
        this.config = config;
        this.client = client;
    }

    /** Where it is asked. Fails with a {@link ProviderException}. */
    CompletableFuture<OidcConfig.Endpoints> endpoints() {
        return known().thenApply(Known::endpoints);
    }

    /** Where users log out there; empty when it is not known or there is no such place. */
    String endSession() {
        Known latest = known;
        OidcConfig.Endpoints endpoints = latest == null ? config.endpoints() : latest.endpoints;
        return endpoints.endSession().toString();
    }

    /**
     * The claims about a user for the code that the user has brought. Fails with a {@link ProviderException}.
     *
     * @param verifier of the challenge that the code was asked for with (RFC 7636)
     * @param nonce that the token must have
     */
    CompletableFuture<Map<String, Object>> claims(String code, String redirect, String verifier, String nonce) {
        return known().thenCompose(
                        where -> token(where, code, redirect, verifier).thenCompose(answer -> {
                            Map<String, Object> claims = IdToken.claims(answer, config, nonce);
                            return claims.containsKey(config.userClaim())
                                    ? CompletableFuture.completedFuture(claims)
                                    : userinfo(where, answer, claims);
                        }))
                .whenComplete((claims, failure) -> tell(failure));
    }

    private CompletableFuture<Map<String, Object>> token(Known where, String code, String redirect, String verifier) {
        Fields form = new Fields();
        form.put("grant_type", "authorization_code");
        form.put("code", code);
        form.put("redirect_uri", redirect);
        form.put("code_verifier", verifier);
        String secret = config.clientSecret().value();
        if (!where.basic) {
            form.put("client_id", config.clientId());
            form.put("client_secret", secret);
            return client.post(where.endpoints.token(), form, "");
        }
        // Both are encoded as in a form before (RFC 6749 section 2.3.1).
        String pair = encoded(config.clientId()) + ":" + encoded(secret);
        String basic = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII));
        return client.post(where.endpoints.token(), form, "Basic " + basic);
    }

    /** Some providers tell only there who it is; it must be about the same subject (OpenID Connect Core 1.0 section 5.3.2). */
    private CompletableFuture<Map<String, Object>> userinfo(
            Known where, Map<String, Object> answer, Map<String, Object> claims) {
        URI url = where.endpoints.userinfo();
        if (url.toString().isEmpty() || !(answer.get("access_token") instanceof String token)) {
            return CompletableFuture.completedFuture(claims);
        }
        return client.get(url, "Bearer " + token).thenApply(more -> {
            if (!Objects.equals(claims.get("sub"), more.get("sub"))) {
                throw ProviderException.refused(url + " tells of another subject than the ID token");
            }
            return more;
        });
    }

    private CompletableFuture<Known> known() {
        OidcConfig.Endpoints given = config.endpoints();
        if (isGiven(given.authorization()) && isGiven(given.token())) {
            return CompletableFuture.completedFuture(new Known(given, true, NanoTime.now()));
        }
        Known latest = known;
        if (latest == null) {
            return ask();
        }
        if (NanoTime.since(latest.at) > FRESH.toNanos()) {
            var unused = ask(); // what is known serves until then
        }
        return CompletableFuture.completedFuture(latest);
    }

    private static boolean isGiven(URI url) {
        return !url.toString().isEmpty();
    }

    private synchronized CompletableFuture<Known> ask() {
        CompletableFuture<Known> current = asking;
        boolean justAsked = current != null && NanoTime.since(askedAt) < PAUSE.toNanos();
        if (current != null && (justAsked || !current.isDone())) {
            return current;
        }
        askedAt = NanoTime.now();
        String issuer = config.issuer().toString();
        String folder = issuer.endsWith("/") ? issuer : issuer + "/";
        CompletableFuture<Known> fresh = client.get(URI.create(folder + ".well-known/openid-configuration"), "")
                .thenApply(this::read)
                .whenComplete((found, failure) -> {
                    if (found != null) {
                        known = found;
                    }
                    tell(failure);
                });
        asking = fresh;
        return fresh;
    }

    private Known read(Map<String, Object> metadata) {
        Object issuer = metadata.get("issuer");
        if (!config.issuer().toString().equals(issuer)) {
            boolean plain = issuer instanceof String name && name.matches("[!-~]{1,300}");
            throw ProviderException.unavailable("the provider calls itself " + (plain ? issuer : "something else")
                    + ", and auth.oidc.issuer must be just that");
        }
        OidcConfig.Endpoints given = config.endpoints();
        Object methods = metadata.get("token_endpoint_auth_methods_supported");
        boolean basic =
                !(methods instanceof Object[] list) || Arrays.asList(list).contains("client_secret_basic");
        return new Known(
                new OidcConfig.Endpoints(
                        endpoint(given.authorization(), metadata, "authorization_endpoint", true),
                        endpoint(given.token(), metadata, "token_endpoint", true),
                        endpoint(given.userinfo(), metadata, "userinfo_endpoint", false),
                        endpoint(given.endSession(), metadata, "end_session_endpoint", false)),
                basic,
                NanoTime.now());
    }

    /** What is not encrypted is believed of a provider on this machine only. */
    private URI endpoint(URI given, Map<String, Object> metadata, String name, boolean needed) {
        if (isGiven(given)) {
            return given;
        }
        if (metadata.get(name) instanceof String text) {
            boolean local = "http".equalsIgnoreCase(config.issuer().getScheme()) && text.startsWith("http://");
            if ((text.startsWith("https://") || local) && text.matches("[!-~]+")) {
                try {
                    return new URI(text);
                } catch (URISyntaxException e) {
                    LOG.debug("{} of {} is no URL", name, config.issuer(), e);
                }
            }
        }
        if (needed) {
            throw ProviderException.unavailable(
                    "the provider tells no encrypted " + name + "; write it into auth.oidc.endpoints");
        }
        return URI.create("");
    }

    /** Once when it goes down, and once when it is back. */
    private void tell(@Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        boolean unavailable = cause != null && !(cause instanceof ProviderException refusal && refusal.isRefused());
        if (unavailable && down.compareAndSet(false, true)) {
            LOG.error(
                    "Nobody can log in at {} for now, it is asked again with the next login: {}",
                    config.issuer(),
                    cause instanceof ProviderException ? cause.getMessage() : String.valueOf(cause));
        } else if (!unavailable && down.compareAndSet(true, false)) {
            LOG.info("Users can log in at {} again", config.issuer());
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /**
     * What is known of a provider.
     *
     * @param basic whether it takes the secret as Basic authentication, and not in the form
     * @param at when it was told, in nanoseconds
     */
    private record Known(OidcConfig.Endpoints endpoints, boolean basic, long at) {}
}
