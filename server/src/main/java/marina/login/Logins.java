package marina.login;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import marina.config.AuthConfig;
import marina.config.LoginConfig;
import marina.config.OidcConfig;

/** Makes the logins of a server, and keeps what outlives a change of the configuration. Thread-safe. */
public final class Logins implements AutoCloseable {
    /** As long as a session can last. */
    private static final Duration REMEMBER_ENDED = Duration.ofDays(366);

    private static final Duration REMEMBER_USED = Duration.ofHours(1);
    private static final int MOST_REMEMBERED = 100_000;

    private final SessionKeys keys;
    private final ErrorAnswer errors;
    private final ProviderClient client = new ProviderClient();
    private final Cache<String, Boolean> ended = Caffeine.newBuilder()
            .maximumSize(MOST_REMEMBERED)
            .expireAfterWrite(REMEMBER_ENDED)
            .build();
    private final Cache<String, Boolean> used = Caffeine.newBuilder()
            .maximumSize(MOST_REMEMBERED)
            .expireAfterWrite(REMEMBER_USED)
            .build();
    private final Cache<OidcConfig, OidcProvider> providers =
            Caffeine.newBuilder().weakValues().build();

    /**
     * Logins of a server.
     *
     * @param key file with the key of the instance, made when it is first needed
     * @param errors answer what is refused
     */
    public Logins(Path key, ErrorAnswer errors) {
        this.keys = new SessionKeys(key);
        this.errors = errors;
    }

    /**
     * A login with the form.
     *
     * @param passwords knows the passwords of the users
     */
    public Login form(AuthConfig auth, PasswordCheck passwords, Users users) {
        Parts parts = parts(auth, auth.users().passwords().toString());
        FormLogin method = new FormLogin(
                Places.of(auth.login()),
                Login.pages(auth),
                parts.state,
                new FormLogin.Credentials(passwords, users),
                parts.answers);
        return new Login(auth, parts.state.sessions(), users, method, parts.answers);
    }

    /** A login at a provider. */
    public Login oidc(AuthConfig auth) {
        OidcConfig config = auth.login().oidc();
        Parts parts = parts(auth, config.issuer() + "\0" + config.clientId());
        OidcProvider provider = providers.get(config, wanted -> new OidcProvider(wanted, client));
        Users users = user -> CompletableFuture.completedFuture(
                Optional.of(config.userClaim()).filter(claim -> config.allows(user)));
        OidcLogin method =
                new OidcLogin(config, Places.of(auth.login()), Login.pages(auth), parts.state, provider, parts.answers);
        return new Login(auth, parts.state.sessions(), users, method, parts.answers);
    }

    @Override
    public void close() {
        client.close();
    }

    /** Sessions of one login are not valid for another: what they are signed with depends on where and for whom it is. */
    private Parts parts(AuthConfig auth, String users) {
        LoginConfig login = auth.login();
        String scope = login.method() + "\0" + login.prefix() + "\0" + users;
        Signer signer = new Signer(keys.of(login.session().secret()), scope);
        LoginCookies cookies = new LoginCookies(login.session().cookie(), login.prefix());
        return new Parts(
                new BrowserState(
                        new Tickets(signer, cookies, used), new Sessions(login.session(), signer, cookies, ended)),
                new Answers(auth.realm(), errors));
    }

    private record Parts(BrowserState state, Answers answers) {}
}
