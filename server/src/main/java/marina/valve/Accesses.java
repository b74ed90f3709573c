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
     */
    public Accesses(ErrorPage pages, Predicate<String> publicFile) {
        this.pages = pages;
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
    }

    private @Nullable BasicAuthValve password(AuthConfig config) {
        if (!config.enabled()) {
            return null;
        }
        Passwords users = passwords.get(config.htpasswd(), file -> new Passwords(file, hashing));
        return new BasicAuthValve(config, users, throttle, publicFile, pages);
    }
}
