package marina.valve;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import marina.config.AccessConfig;
import marina.config.AuthConfig;
import marina.config.LoginConfig;
import marina.login.Login;
import marina.login.Logins;
import org.jspecify.annotations.Nullable;

/** Makes the rules of access for the server and its contexts; those that are the same are one. Thread-safe. */
public final class Accesses implements AutoCloseable {
    /** More guesses than this that wait for their turn are refused: hashing is slow on purpose. */
    private static final int MOST_WAITING = 1_000;

    private static final int IDLE_SECONDS = 30;

    private final ErrorPage pages;
    private final Predicate<String> publicFile;
    private final Crawlers crawlers = new Crawlers();
    private final Throttle throttle = new Throttle();
    private final Logins logins;
    private final ThreadPoolExecutor hashing;
    private final Cache<AccessConfig, Access> accesses =
            Caffeine.newBuilder().weakValues().build();
    private final Cache<Path, Passwords> passwords =
            Caffeine.newBuilder().weakValues().build();

    /**
     * Rules of one server.
     *
     * @param pages answer what they refuse
     * @param publicFile whether GET of a path is answered by a public file
     * @param loginKey file with the key that logins are signed with; made when it is first needed
     */
    public Accesses(ErrorPage pages, Predicate<String> publicFile, Path loginKey) {
        this.pages = pages;
        this.logins = new Logins(loginKey, pages::write);
        this.publicFile = publicFile;
        AtomicInteger count = new AtomicInteger();
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        hashing = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), task -> {
                    Thread thread = new Thread(task, "marina-passwords-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        hashing.allowCoreThreadTimeOut(true);
    }

    /** The rules that this asks for. */
    public Access of(AccessConfig config) {
        return accesses.get(config, wanted -> new Access(wanted, password(wanted.auth()), crawlers, pages));
    }

    @Override
    public void close() {
        hashing.shutdownNow();
        logins.close();
    }

    private @Nullable Gate password(AuthConfig config) {
        if (!config.enabled()) {
            return null;
        }
        PublicPaths open = new PublicPaths(config.publicPaths(), publicFile);
        if (!config.hasPasswords()) {
            return new LoginValve(logins.oidc(config), open, null, pages);
        }
        Passwords users = passwords.get(config.htpasswd(), file -> new Passwords(file, hashing));
        GuardedPasswords guarded = new GuardedPasswords(users, throttle);
        if (!config.login().enabled()) {
            ErrorPage challenge = BasicAuthValve.challenge(config.realm(), pages);
            return new BasicAuthValve(open, guarded, challenge, pages);
        }
        Login login = config.login().method() == LoginConfig.Method.OIDC
                ? logins.oidc(config)
                : logins.form(config, guarded, users::mark);
        ErrorPage refusal = (status, request, response, callback) -> login.refuse(request, response, callback);
        return new LoginValve(login, open, new BasicAuthValve(open, guarded, refusal, pages), pages);
    }
}
