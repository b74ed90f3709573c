package marina.user;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import marina.config.Directories;
import marina.config.UsersConfig;

/**
 * All users of a server, by the files that they are in; whoever guesses passwords, of whichever files, has to wait
 * everywhere. Thread-safe.
 */
public final class UserFiles implements AutoCloseable {
    /** More guesses than this that wait for their turn are refused: hashing is slow on purpose. */
    private static final int MOST_WAITING = 1_000;

    private static final int IDLE_SECONDS = 30;

    private final Directories directories;
    private final Throttle throttle = new Throttle();
    private final ThreadPoolExecutor hashing;
    private final Cache<UsersConfig, Users> users =
            Caffeine.newBuilder().weakValues().build();

    /**
     * Users of a server.
     *
     * @param directories what names of files are relative to, in messages
     */
    public UserFiles(Directories directories) {
        this.directories = directories;
        AtomicInteger count = new AtomicInteger();
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        hashing = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), task -> {
                    Thread thread = new Thread(task, "marina-passwords-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    // Not that of the web application whose request happens to start it.
                    thread.setContextClassLoader(UserFiles.class.getClassLoader());
                    return thread;
                });
        hashing.allowCoreThreadTimeOut(true);
    }

    /** Those of some files; nobody where there is none. */
    public GuardedUsers of(UsersConfig source) {
        return new GuardedUsers(users.get(source, files -> new Users(files, directories, hashing)), throttle);
    }

    @Override
    public void close() {
        hashing.shutdownNow();
    }
}
