package marina.host;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import marina.config.Directories;
import marina.config.FileStamp;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices changes below conf and webapps, and in archives and of releases elsewhere, and asks for a reload once they have come to rest: a
 * file that is still being copied changes from look to look. It looks instead of listening, so that it works on every
 * file system and through symbolic links.
 */
public final class ConfigWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigWatch.class);
    private static final long INTERVAL_MILLIS = 500;
    private static final long EMPTY_NANOS = TimeUnit.SECONDS.toNanos(15);

    private final Directories directories;
    private final Elsewhere elsewhere;
    private final ReleaseMarks marks = new ReleaseMarks();
    private final CopiesUnderWay copies;
    private final Changes changes;
    private final AtomicInteger hooks = new AtomicInteger();
    private final AtomicBoolean looking = new AtomicBoolean();
    private Look applied; // used by one look at a time
    private volatile Look afterHooks;
    private Map<Path, FileStamp> lastSettings; // used by one look at a time
    private final Map<Path, Long> emptySince = new HashMap<>(); // used by one look at a time
    private @Nullable ScheduledFuture<?> task;

    /** What matters wherever it lies; asked anew at each look. */
    public interface Elsewhere {
        /** Packed and exploded WARs. */
        Set<Path> archives();

        /** Certificates and keys. */
        Set<Path> certificates();

        /** Files with which releases announce themselves. */
        Set<Path> releases();
    }

    /** Who is told of changes that have come to rest. */
    public interface Changes {
        /**
         * Somebody has changed something.
         *
         * @param rest whether the files are still as they were seen
         */
        void changed(AtRest rest);

        /**
         * Nothing has changed but what hooks have written, or what was written while they ran.
         *
         * @param rest whether the files are still as they were seen
         */
        void changedByHooks(AtRest rest);
    }

    /**
     * What was seen at one time.
     *
     * @param settings what belongs together and is taken when all of it is at rest
     * @param applications archives, and the marks of folders in webapps, each of which is taken by itself
     */
    private record Look(Map<Path, FileStamp> settings, Map<Path, FileStamp> applications) {}

    /**
     * A watch that takes the present state for applied.
     *
     * @param changes is told when a change has come to rest
     */
    public ConfigWatch(Directories directories, Elsewhere elsewhere, Changes changes) {
        this.directories = directories;
        this.elsewhere = elsewhere;
        this.changes = changes;
        this.copies = new CopiesUnderWay(directories.webapps());
        this.applied = look();
        this.lastSettings = applied.settings;
        this.afterHooks = applied;
    }

    /** What is written until these hooks have ended counts as theirs, so that they do not run again for it. */
    public <T> CompletableFuture<T> during(Supplier<CompletableFuture<T>> run) {
        hooks.incrementAndGet();
        CompletableFuture<T> running;
        try {
            running = run.get();
        } catch (RuntimeException | Error e) {
            hooksEnded();
            throw e;
        }
        return running.whenComplete((done, failure) -> hooksEnded());
    }

    private void hooksEnded() {
        try {
            afterHooks = look();
        } finally {
            hooks.decrementAndGet();
        }
    }

    /** Takes what is there for applied. To be called before {@link #start}. */
    public void takeAsApplied() {
        applied = look();
        lastSettings = applied.settings;
    }

    /**
     * Begins to look.
     *
     * @param scheduler says when
     * @param executor looks, which may take a while where there are many files
     */
    public void start(ScheduledExecutorService scheduler, Executor executor) {
        Runnable look = () -> {
            if (looking.compareAndSet(false, true)) { // a file system may take longer than the interval
                executor.execute(this::compare);
            }
        };
        task = scheduler.scheduleWithFixedDelay(look, INTERVAL_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        if (task != null) {
            task.cancel(false);
        }
    }

    private void compare() {
        try {
            Look seen = look();
            leaveOutEmpty(seen.settings);
            Look now = new Look(seen.settings, copies.settled(seen.applications, applied.applications));
            boolean atRest = now.settings.equals(lastSettings);
            lastSettings = now.settings;
            if (atRest && !now.equals(applied)) {
                boolean byHooks = hooks.get() > 0 || isAsHooksLeftIt(now);
                applied = now;
                AtRest rest = read -> isStill(now.settings, read);
                if (byHooks) {
                    changes.changedByHooks(rest);
                } else {
                    changes.changed(rest);
                }
            }
        } catch (RuntimeException e) {
            LOG.warn("Looking for changed files failed", e);
        } finally {
            looking.set(false);
        }
    }

    private boolean isStill(Map<Path, FileStamp> settings, Collection<Path> read) {
        Set<Path> files = new HashSet<>(read);
        settings.keySet().stream()
                .filter(file -> file.toString().endsWith(".yml"))
                .forEach(files::add);
        return files.stream()
                .filter(file -> file.startsWith(directories.conf())) // others are not looked at
                .allMatch(file -> settings.getOrDefault(file, FileStamp.ABSENT).equals(FileStamp.ofFile(file)));
    }

    private boolean isAsHooksLeftIt(Look now) {
        Look left = afterHooks;
        return agreeWhereChanged(now.settings, applied.settings, left.settings)
                && agreeWhereChanged(now.applications, applied.applications, left.applications);
    }

    private static boolean agreeWhereChanged(
            Map<Path, FileStamp> now, Map<Path, FileStamp> before, Map<Path, FileStamp> left) {
        return Stream.concat(now.keySet().stream(), before.keySet().stream())
                .filter(file -> !Objects.equals(now.get(file), before.get(file)))
                .allMatch(file -> Objects.equals(now.get(file), left.get(file)));
    }

    /** A YAML file that is empty is just being written, for a while, and counts as it did before. */
    private void leaveOutEmpty(Map<Path, FileStamp> settings) {
        for (Path file : Set.copyOf(settings.keySet())) {
            FileStamp before = applied.settings.get(file);
            FileStamp stamp = settings.get(file);
            if (stamp == null
                    || stamp.size() > 0
                    || stamp.equals(before)
                    || !file.toString().endsWith(".yml")) {
                emptySince.remove(file);
            } else if (System.nanoTime() - emptySince.computeIfAbsent(file, first -> System.nanoTime()) < EMPTY_NANOS) {
                settings.compute(file, (key, now) -> before);
            }
        }
        emptySince.keySet().removeIf(file -> !Files.exists(file));
    }

    private synchronized Look look() {
        Map<Path, FileStamp> settings = new HashMap<>();
        Stamps.tree(directories.conf(), settings);
        elsewhere.certificates().forEach(file -> Stamps.file(file, settings));
        marks.look(elsewhere.releases(), settings);
        Map<Path, FileStamp> applications = new HashMap<>();
        Stamps.webapps(directories.webapps(), applications);
        elsewhere.archives().forEach(archive -> Stamps.archive(archive, applications));
        return new Look(settings, applications);
    }
}
