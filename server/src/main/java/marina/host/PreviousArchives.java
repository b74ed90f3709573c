package marina.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What was deployed before, kept for a rollback: the last three of each name, below {@code work/previous}. Nothing else is ever
 * deleted here. Used by one thread at a time.
 */
final class PreviousArchives {
    private static final int KEPT = 3;
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);

    private final Path folder;

    /** Below this folder. */
    PreviousArchives(Path folder) {
        this.folder = folder;
    }

    /**
     * One of them.
     *
     * @param file packed or unpacked
     * @param name what it was called in webapps
     * @param at when its successor took its place
     * @param size in bytes; 0 of a folder
     */
    record Kept(Path file, String name, Instant at, long size) {}

    /** Those of a name without suffix, the newest first. */
    List<Kept> of(String name) throws IOException {
        Path own = folder.resolve(name);
        if (!Files.isDirectory(own)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(own)) {
            return files.flatMap(file -> kept(file).stream())
                    .sorted(Comparator.comparing(Kept::at).reversed())
                    .toList();
        }
    }

    /** Keeps a packed archive, which also stays where it is: at no time there is none. */
    void copy(String name, Path archive, String called) throws IOException {
        Path place = place(name, called);
        try {
            Files.createLink(place, archive);
        } catch (IOException | UnsupportedOperationException e) {
            Files.copy(archive, place, StandardCopyOption.COPY_ATTRIBUTES); // another file system
        }
    }

    /** A place of its own for a file or folder that goes now. */
    Path place(String name, String file) throws IOException {
        Path own = folder.resolve(name);
        Files.createDirectories(own);
        Instant now = Instant.now();
        Path place = own.resolve(STAMP.format(now) + "_" + file);
        while (Files.exists(place)) {
            now = now.plusMillis(1);
            place = own.resolve(STAMP.format(now) + "_" + file);
        }
        return place;
    }

    /** Lets those go that are too many. */
    void prune(String name) throws IOException {
        List<Kept> all = of(name);
        for (Kept old : all.subList(Math.min(KEPT, all.size()), all.size())) {
            delete(old.file);
        }
    }

    private static void delete(Path file) throws IOException {
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
            try (Stream<Path> below = Files.walk(file)) {
                for (Path one : below.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(one);
                }
            }
        } else {
            Files.delete(file);
        }
    }

    private static Optional<Kept> kept(Path file) {
        String name = String.valueOf(file.getFileName());
        int end = name.indexOf('_');
        try {
            Instant at = STAMP.parse(name.substring(0, Math.max(0, end)), Instant::from);
            long size = Files.isRegularFile(file) ? Files.size(file) : 0;
            return Optional.of(new Kept(file, name.substring(end + 1), at, size));
        } catch (IOException | java.time.DateTimeException e) {
            return Optional.empty(); // not one of ours
        }
    }
}
