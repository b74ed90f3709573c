package marina.login;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import marina.config.OidcConfig;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.NanoTime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends users to a provider of OpenID Connect and takes them back with its word: the authorization code flow (OpenID Connect Core
 * 1.0 section 3.1) with PKCE (RFC 7636). What must be remembered meanwhile is in the {@code state}, signed and bound to the
 * browser. Thread-safe.
 */
final class OidcLogin implements LoginMethod {
    private static final Logger LOG = LoggerFactory.getLogger(OidcLogin.class);

    /** Long enough for a second factor. */
    private static final Duration LOGIN_AGE = Duration.ofMinutes(30);

    private static final Duration WARNING_PAUSE = Duration.ofSeconds(10);
    private static final String AGAIN = "again";
    private static final String FAILED = "Not signed in";
    private static final int LONGEST_TARGET = 1_000;
    private static final int LONGEST_USER = 255;

    private final OidcConfig config;
    private final Places places;
    private final LoginPages pages;
    private final Tickets tickets;
    private final Sessions sessions;
    private final OidcProvider provider;
    private final Answers answers;
    private final AtomicLong warnedAt = new AtomicLong(NanoTime.now() - WARNING_PAUSE.toNanos());

    OidcLogin(
            OidcConfig config,
            Places places,
            LoginPages pages,
            BrowserState state,
            OidcProvider provider,
            Answers answers) {
        this.config = config;
        this.places = places;
        this.pages = pages;
        this.tickets = state.tickets();
        this.sessions = state.sessions();
        this.provider = provider;
        this.answers = answers;
    }

    @Override
    public void login(Exchange exchange) {
        if (!Origins.isSafe(exchange.request())) {
            answers.methodNotAllowed("GET, HEAD", exchange);
            return;
        }
        var unused = provider.endpoints()
                .whenComplete((endpoints, failure) -> exchange.later(() -> {
                    if (failure == null) {
                        leave(endpoints.authorization(), exchange);
                    } else {
                        answers.error(HttpStatus.SERVICE_UNAVAILABLE_503, exchange);
                    }
                }));
    }

    @Override
    public void comeBack(Exchange exchange) {
        Request request = exchange.request();
        if (!Origins.isSafe(request)) {
            answers.methodNotAllowed("GET, HEAD", exchange);
            return;
        }
        String state = ReturnPath.parameter(request, "state");
        String code = ReturnPath.parameter(request, "code");
        boolean refused = code == null || code.isEmpty();
        String target = refused ? tickets.content(request, state) : tickets.contentOnce(request, state);
        String issuer = ReturnPath.parameter(request, "iss"); // RFC 9207
        if (state == null
                || target == null
                || (issuer != null && !issuer.equals(config.issuer().toString()))) {
            refuse(
                    HttpStatus.BAD_REQUEST_400,
                    "This login was begun in another browser, too long ago, or is over already.",
                    "Sign in",
                    exchange);
            return;
        }
        if (code == null || code.isEmpty()) {
            refuse(HttpStatus.FORBIDDEN_403, "The provider has not signed you in.", "Try again", exchange);
            return;
        }
        var unused = provider.claims(code, callback(request), verifier(state), nonce(state))
                .whenComplete((claims, failure) -> exchange.later(() -> {
                    if (failure == null) {
                        enter(claims, target, exchange);
                    } else {
                        fail(failure, exchange);
                    }
                }));
    }

    @Override
    public Optional<String> farewell() {
        String url = provider.endSession();
        return url.isEmpty()
                ? Optional.empty()
                : Optional.of(withQuery(URI.create(url), Map.of("client_id", config.clientId())));
    }

    private void leave(URI authorization, Exchange exchange) {
        Request request = exchange.request();
        String home = Places.url(places.home());
        String target = places.target(ReturnPath.parameter(request, ReturnPath.NAME));
        String state = tickets.issue(
                request, exchange.response(), LOGIN_AGE, target.length() > LONGEST_TARGET ? home : target);
        Map<String, String> query = new LinkedHashMap<>();
        query.put("response_type", "code");
        query.put("client_id", config.clientId());
        query.put("redirect_uri", callback(request));
        query.put("scope", String.join(" ", config.scopes()));
        query.put("state", state);
        query.put("nonce", nonce(state));
        query.put("code_challenge", Signer.sha256(verifier(state)));
        query.put("code_challenge_method", "S256");
        if (ReturnPath.parameter(request, AGAIN) != null) {
            query.put("prompt", "login"); // else the provider would send the same user back
        }
        Answers.redirect(HttpStatus.FOUND_302, withQuery(authorization, query), exchange);
    }

    private void enter(Map<String, Object> claims, String target, Exchange exchange) {
        String user = claims.get(config.userClaim()) instanceof String name ? name : "";
        boolean unverified = config.userClaim().equals("email")
                && claims.containsKey("email_verified")
                && !"true".equals(String.valueOf(claims.get("email_verified")));
        boolean plain = user.length() <= LONGEST_USER && user.chars().noneMatch(Character::isISOControl);
        if (user.isBlank() || !plain || unverified) {
            warn("the provider tells no " + (unverified ? "verified " : "") + config.userClaim()
                    + " of the user; look at auth.oidc.scopes and auth.oidc.user");
            refuse(HttpStatus.FORBIDDEN_403, "The provider does not tell who you are.", "Try again", exchange);
        } else if (!config.allows(user)) {
            refuse(
                    HttpStatus.FORBIDDEN_403,
                    "You may not enter as " + user + ".",
                    "Sign in as somebody else",
                    exchange);
        } else {
            VerifiedUser.set(exchange.request(), user);
            sessions.begin(exchange.request(), exchange.response(), user, config.userClaim());
            Answers.redirect(HttpStatus.SEE_OTHER_303, target, exchange);
        }
    }

    private void fail(Throwable failure, Exchange exchange) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof ProviderException refusal && refusal.isRefused()) {
            warn(String.valueOf(refusal.getMessage()));
            refuse(HttpStatus.FORBIDDEN_403, "The provider's answer was not accepted.", "Try again", exchange);
        } else {
            answers.error(HttpStatus.SERVICE_UNAVAILABLE_503, exchange);
        }
    }

    /** Anybody can make a login fail, so not each of them gets a line. */
    private void warn(String message) {
        long last = warnedAt.get();
        if (NanoTime.since(last) >= WARNING_PAUSE.toNanos() && warnedAt.compareAndSet(last, NanoTime.now())) {
            LOG.warn("A login at {} is refused: {}", config.issuer(), message);
        }
    }

    private void refuse(int status, String text, String next, Exchange exchange) {
        LoginPages.Link again = new LoginPages.Link(Places.url(places.login()) + "?" + AGAIN + "=1", next);
        pages.notice(status, FAILED, text, again, exchange);
    }

    /** The provider must know this URL. */
    private String callback(Request request) {
        return Origins.base(request) + Places.url(places.callback());
    }

    private String nonce(String state) {
        return tickets.derived("nonce", state);
    }

    private String verifier(String state) {
        return tickets.derived("verifier", state);
    }

    private static String withQuery(URI url, Map<String, String> parameters) {
        return url
                + (url.getRawQuery() == null ? "?" : "&")
                + parameters.entrySet().stream()
                        .map(entry ->
                                entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"));
    }
}
