package marina.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
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
    private static final long UNREADABLE_NANOS = TimeUnit.SECONDS.toNanos(15);

    /** What tells that a folder in webapps has changed; the rest of it is the application's own business. */
    private static final List<String> FOLDER_MARKS = List.of("WEB-INF", "WEB-INF/web.xml", "Procfile", "index.html");

    private final Directories directories;
    private final Supplier<? extends Collection<Path>> archives;
    private final Supplier<Set<Path>> releases;
    private final ReleaseMarks marks = new ReleaseMarks();
    private final Runnable onChange;
    private final AtomicBoolean looking = new AtomicBoolean();
    private Map<Path, FileStamp> applied; // used by one look at a time
    private Map<Path, FileStamp> lastLook; // used by one look at a time
    private final Map<Path, Long> unreadableSince = new HashMap<>(); // used by one look at a time
    private @Nullable ScheduledFuture<?> task;

    /**
     * A watch that takes the present state for applied.
     *
     * @param archives further files to watch, asked anew at each look
     * @param releases files with which releases announce themselves, asked anew at each look
     * @param onChange called when a change has come to rest
     */
    public ConfigWatch(
            Directories directories,
            Supplier<? extends Collection<Path>> archives,
            Supplier<Set<Path>> releases,
            Runnable onChange) {
        this.directories = directories;
        this.archives = archives;
        this.releases = releases;
        this.onChange = onChange;
        this.applied = look();
        this.lastLook = applied;
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
            Map<Path, FileStamp> now = look();
            leaveOutUnfinished(now);
            boolean atRest = now.equals(lastLook);
            lastLook = now;
            if (atRest && !now.equals(applied)) {
                applied = now;
                onChange.run();
            }
        } catch (RuntimeException e) {
            LOG.warn("Looking for changed files failed", e);
        } finally {
            looking.set(false);
        }
    }

    /**
     * An archive that is new or replaced and cannot be read is still being copied, by somebody who pauses, and a YAML
     * file that is empty is just being written: they count as they did before. After a while it is taken as it is, so that one that really is broken gets reported.
     */
    private void leaveOutUnfinished(Map<Path, FileStamp> now) {
        for (Path file : Set.copyOf(now.keySet())) {
            FileStamp before = applied.get(file);
            if (Objects.equals(now.get(file), before) || isWhole(file)) {
                unreadableSince.remove(file);
                continue;
            }
            long since = unreadableSince.computeIfAbsent(file, first -> System.nanoTime());
            if (System.nanoTime() - since > UNREADABLE_NANOS) {
                continue;
            }
            if (before == null) {
                now.remove(file);
            } else {
                now.put(file, before);
            }
        }
        unreadableSince.keySet().removeIf(file -> !Files.exists(file));
    }

    private static boolean isWhole(Path file) {
        String name = file.getFileName().toString();
        try {
            if (name.endsWith(".yml")) {
                return Files.size(file) > 0;
            }
            if (name.endsWith(".war") && !Files.isDirectory(file)) {
                new ZipFile(file.toFile()).close();
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private Map<Path, FileStamp> look() {
        Map<Path, FileStamp> stamps = new HashMap<>();
        stampTree(directories.conf(), stamps);
        stampWebapps(stamps);
        archives.get().forEach(archive -> stamp(archive, stamps));
        marks.look(releases.get(), stamps);
        return stamps;
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
            entries.forEach(entry -> {
                if (Files.isDirectory(entry)) {
                    FOLDER_MARKS.forEach(mark -> stamp(entry.resolve(mark), stamps));
                } else {
                    stamp(entry, stamps);
                }
            });
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("{} changed while it was looked at", directories.webapps(), e);
        }
    }

    private static void stamp(Path file, Map<Path, FileStamp> stamps) {
        if (!Files.exists(file)) {
            return;
        }
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            long size = attributes.isDirectory() ? 0 : attributes.size();
            stamps.put(file, new FileStamp(size, attributes.lastModifiedTime().toMillis()));
        } catch (IOException e) {
            LOG.debug("{} went away while it was looked at", file, e);
        }
    }
}
