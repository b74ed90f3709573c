package marina.files;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.NanoTime;
import org.jspecify.annotations.Nullable;

/**
 * Remembers for half a second where paths lead, and keeps small files in memory for as long as they do not change: what
 * is asked for often costs no system call, and an edit shows within that time. One for the whole server, so that its memory
 * is bounded. Thread-safe.
 *
 * <p>Whoever asks the disk may have to wait for it (network file systems, disks that sleep), so that is done on the pool:
 * the threads that serve all connections only look at what is remembered.
 */
public final class FileStore {
    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long MOST_BYTES = 64 * 1024 * 1024;
    private static final Duration FORGET = Duration.ofMinutes(10);

    private final Cache<Key, Lookup> lookups;
    private final Executor executor;

    /**
     * A store without content.
     *
     * @param executor for what may block
     */
    public FileStore(Executor executor) {
        this.executor = executor;
        this.lookups = Caffeine.newBuilder()
                .maximumWeight(Math.min(MOST_BYTES, Runtime.getRuntime().maxMemory() / 8))
                .weigher((Key key, Lookup lookup) -> key.path().length() + lookup.weight())
                .expireAfterAccess(FORGET)
                .executor(executor)
                .build();
    }

    /** What is known well enough without asking the disk; null when that has to be done. Never blocks. */
    @Nullable
    Lookup remembered(FileSite site, String path) {
        Lookup known = lookups.getIfPresent(new Key(site, path));
        return known != null && NanoTime.since(known.checkedAt()) < FRESH_NANOS ? known : null;
    }

    /** What the disk says. May block. */
    Lookup lookUp(FileSite site, String path) {
        Key key = new Key(site, path);
        Lookup known = lookups.getIfPresent(key);
        Lookup now = site.search(path, known == null ? null : known.file());
        lookups.put(key, now);
        return now;
    }

    Executor executor() {
        return executor;
    }

    /** A path of a site; sites are compared by identity. */
    private record Key(FileSite site, String path) {}
}
