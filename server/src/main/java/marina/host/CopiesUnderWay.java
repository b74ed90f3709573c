package marina.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import marina.config.FileStamp;
import org.jspecify.annotations.Nullable;

/**
 * Which archives and folders are just being copied, replaced or deleted: until they are whole and have come to rest, they
 * count as they did before, and hold up no others. Used by one look at a time.
 */
final class CopiesUnderWay {
    /** Who does not go on with half an archive for so long has left it so, or writes logs into a folder for ever. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(15);

    /** Nobody can tell whether a folder is whole. */
    private static final long REST_OF_FOLDER_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** More of a folder is not looked at. */
    private static final int MOST_FILES = 20_000;

    private final Path webapps;
    private final Map<Path, Seen> seen = new HashMap<>();

    /**
     * How something was seen.
     *
     * @param state as it is since then
     * @param since when it began to be so, by System.nanoTime
     * @param begin when it began to change
     */
    private record Seen(Object state, long since, long begin) {}

    CopiesUnderWay(Path webapps) {
        this.webapps = webapps;
    }

    /**
     * What lies there, without what is under way.
     *
     * @param now what lies there: archives, and marks of folders in webapps
     * @param applied the same, as it was taken last
     */
    Map<Path, FileStamp> settled(Map<Path, FileStamp> now, Map<Path, FileStamp> applied) {
        Set<Path> paths = new HashSet<>(now.keySet());
        paths.addAll(applied.keySet());
        Map<Path, List<Path>> changes = paths.stream()
                .filter(path -> !Objects.equals(now.get(path), applied.get(path)))
                .collect(Collectors.groupingBy(this::copied));
        seen.keySet().retainAll(changes.keySet());
        Map<Path, FileStamp> settled = new HashMap<>(now);
        changes.forEach((copied, marks) -> {
            boolean deployed = marks.stream().anyMatch(applied::containsKey);
            if (!hasSettled(copied, deployed)) {
                marks.forEach(mark -> restore(settled, mark, applied.get(mark)));
            }
        });
        return settled;
    }

    private static void restore(Map<Path, FileStamp> stamps, Path path, @Nullable FileStamp before) {
        if (before == null) {
            stamps.remove(path);
        } else {
            stamps.put(path, before);
        }
    }

    /** The file or folder that is copied as a whole: in webapps its entry. */
    private Path copied(Path mark) {
        return mark.startsWith(webapps)
                ? webapps.resolve(webapps.relativize(mark).getName(0))
                : mark;
    }

    private boolean hasSettled(Path copied, boolean deployed) {
        long now = System.nanoTime();
        Object state = state(copied);
        Seen before = seen.get(copied);
        if (before == null || !before.state.equals(state)) {
            long begin = before == null ? now : before.begin;
            seen.put(copied, new Seen(state, now, begin));
            // An application that runs may write into its folder without end.
            return deployed && Files.isDirectory(copied) && now - begin > PATIENCE_NANOS;
        }
        if (Files.isDirectory(copied)) {
            return now - before.since > REST_OF_FOLDER_NANOS;
        }
        return !Files.exists(copied) || Archives.fault(copied).isEmpty() || now - before.since > PATIENCE_NANOS;
    }

    private static Object state(Path copied) {
        try {
            return Files.isDirectory(copied) ? stampsBelow(copied.toRealPath()) : FileStamp.ofFile(copied);
        } catch (IOException | UncheckedIOException e) {
            return e; // equal to nothing: it changes while it is looked at
        }
    }

    private static int stampsBelow(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.limit(MOST_FILES)
                    .sorted()
                    .map(CopiesUnderWay::stamp)
                    .toList()
                    .hashCode();
        }
    }

    private static List<Object> stamp(Path file) {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return List.of(file, attributes.size(), attributes.lastModifiedTime());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
