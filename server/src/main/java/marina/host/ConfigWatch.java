package marina.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
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

    /** Files that make something of a folder in webapps by being there. */
    private static final List<String> PRESENT = List.of("WEB-INF", "index.html");

    private static final String PROCFILE = "Procfile";
    private static final FileStamp THERE = new FileStamp(0, 1);

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
        /** Somebody has changed something. */
        void changed();

        /** Nothing has changed but what hooks have written, or what was written while they ran. */
        void changedByHooks();
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
                if (byHooks) {
                    changes.changedByHooks();
                } else {
                    changes.changed();
                }
            }
        } catch (RuntimeException e) {
            LOG.warn("Looking for changed files failed", e);
        } finally {
            looking.set(false);
        }
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
        stampTree(directories.conf(), settings);
        elsewhere.certificates().forEach(file -> stamp(file, settings));
        marks.look(elsewhere.releases(), settings);
        Map<Path, FileStamp> applications = new HashMap<>();
        stampWebapps(applications);
        elsewhere.archives().forEach(archive -> stampArchive(archive, applications));
        return new Look(settings, applications);
    }

    private static void stampTree(Path directory, Map<Path, FileStamp> stamps) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory, FileVisitOption.FOLLOW_LINKS)) {
            files.filter(Files::isRegularFile).forEach(file -> stamp(file, stamps));
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("{} changed while it was looked at", directory, e);
        }
    }

    private void stampWebapps(Map<Path, FileStamp> stamps) {
        if (!Files.isDirectory(directories.webapps())) {
            return;
        }
        try (Stream<Path> entries = Files.list(directories.webapps())) {
            entries.filter(entry -> !String.valueOf(entry.getFileName()).startsWith("."))
                    .forEach(entry -> stampEntry(entry, stamps));
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("{} changed while it was looked at", directories.webapps(), e);
        }
    }

    /** What tells that an application was deployed anew; the rest of a folder is its own business. */
    private static void stampEntry(Path entry, Map<Path, FileStamp> stamps) {
        if (!Files.isDirectory(entry)) {
            if (entry.toString().endsWith(".war")) {
                stampArchive(entry, stamps);
            }
            return;
        }
        for (String name : PRESENT) {
            if (Files.exists(entry.resolve(name))) {
                stamps.put(entry.resolve(name), THERE);
            }
        }
        stamp(entry.resolve(PROCFILE), stamps);
        if (stamps.containsKey(entry.resolve(PRESENT.get(0)))) {
            stampArchive(entry, stamps);
        }
    }

    /** A packed one with the time at which anything about it was changed last, which nobody can set back. */
    private static void stampArchive(Path archive, Map<Path, FileStamp> stamps) {
        if (Files.isDirectory(archive)) {
            stamps.put(archive, FileStamp.of(archive));
            return;
        }
        FileStamp stamp = FileStamp.ofFile(archive);
        if (stamp.equals(FileStamp.ABSENT)) {
            return;
        }
        try {
            Object changed = Files.getAttribute(archive, "unix:ctime");
            stamps.put(
                    archive,
                    new FileStamp(stamp.size(), stamp.modified(), ((FileTime) changed).to(TimeUnit.NANOSECONDS)));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            stamps.put(archive, stamp); // elsewhere than on Unix
        }
    }

    private static void stamp(Path file, Map<Path, FileStamp> stamps) {
        FileStamp stamp = FileStamp.ofFile(file);
        if (!stamp.equals(FileStamp.ABSENT)) {
            stamps.put(file, stamp);
        }
    }
}
