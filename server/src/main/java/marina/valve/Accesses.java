package marina.valve;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.file.Path;
import java.util.function.Predicate;
import marina.config.AccessConfig;
import marina.config.AuthConfig;
import marina.config.LoginConfig;
import marina.login.Login;
import marina.login.Logins;
import marina.login.PasswordCheck;
import marina.user.GuardedUsers;
import marina.user.UserFiles;
import org.jspecify.annotations.Nullable;

/** Makes the rules of access for the server and its contexts; those that are the same are one. Thread-safe. */
public final class Accesses implements AutoCloseable {
    private final ErrorPage pages;
    private final Predicate<String> publicFile;
    private final Crawlers crawlers = new Crawlers();
    private final Logins logins;
    private final UserFiles users;
    private final Cache<AccessConfig, Access> accesses =
            Caffeine.newBuilder().weakValues().build();

    /**
     * Rules of one server.
     *
     * @param pages answer what they refuse
     * @param publicFile whether GET of a path is answered by a public file
     * @param users knows them by their files; closed with this
     * @param loginKey file with the key that logins are signed with; made when it is first needed
     */
    public Accesses(ErrorPage pages, Predicate<String> publicFile, UserFiles users, Path loginKey) {
        this.pages = pages;
        this.logins = new Logins(loginKey, pages::write);
        this.users = users;
        this.publicFile = publicFile;
    }

    /** The rules that this asks for. */
    public Access of(AccessConfig config) {
        return accesses.get(config, wanted -> new Access(wanted, password(wanted.auth()), crawlers, pages));
    }

    @Override
    public void close() {
        users.close();
        logins.close();
    }

    private @Nullable Gate password(AuthConfig config) {
        if (!config.enabled()) {
            return null;
        }
        Realms realms = new Realms(config.realms());
        PublicPaths open = new PublicPaths(config.publicPaths(), realms, publicFile);
        if (!config.hasPasswords()) {
            return new LoginValve(logins.oidc(config), open, null, pages);
        }
        GuardedUsers guarded = users.of(config.users());
        PasswordCheck passwords = guarded::ask;
        if (!config.login().enabled()) {
            ErrorPage challenge = BasicAuthValve.challenge(config.realm(), realms, pages);
            return new BasicAuthValve(open, passwords, challenge, pages);
        }
        Login login = config.login().method() == LoginConfig.Method.OIDC
                ? logins.oidc(config)
                : logins.form(config, passwords, guarded::mark);
        ErrorPage refusal = (status, request, response, callback) -> login.refuse(request, response, callback);
        return new LoginValve(login, open, new BasicAuthValve(open, passwords, refusal, pages), pages);
    }
}
