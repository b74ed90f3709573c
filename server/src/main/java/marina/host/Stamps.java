package marina.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import marina.config.FileStamp;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the stamps of what matters to the configuration, and leaves out what is not there. */
final class Stamps {
    private static final Logger LOG = LoggerFactory.getLogger(Stamps.class);

    /** Files that make something of a folder in webapps by being there. */
    private static final List<String> PRESENT = List.of("WEB-INF", "index.html");

    private static final String PROCFILE = "Procfile";
    private static final FileStamp THERE = new FileStamp(0, 1);

    private Stamps() {}

    /** All files below a folder. */
    static void tree(Path directory, Map<Path, FileStamp> stamps) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory, FileVisitOption.FOLLOW_LINKS)) {
            files.filter(Files::isRegularFile).forEach(file -> file(file, stamps));
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("{} changed while it was looked at", directory, e);
        }
    }

    /** What in webapps tells that an application was deployed anew. */
    static void webapps(Path folder, Map<Path, FileStamp> stamps) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> entries = Files.list(folder)) {
            entries.filter(entry -> !String.valueOf(entry.getFileName()).startsWith("."))
                    .forEach(entry -> entry(entry, stamps));
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("{} changed while it was looked at", folder, e);
        }
    }

    /** What tells that an application was deployed anew; the rest of a folder is its own business. */
    private static void entry(Path entry, Map<Path, FileStamp> stamps) {
        if (!Files.isDirectory(entry)) {
            if (entry.toString().endsWith(".war")) {
                archive(entry, stamps);
            }
            return;
        }
        for (String name : PRESENT) {
            if (Files.exists(entry.resolve(name))) {
                stamps.put(entry.resolve(name), THERE);
            }
        }
        file(entry.resolve(PROCFILE), stamps);
        if (stamps.containsKey(entry.resolve(PRESENT.get(0)))) {
            archive(entry, stamps);
        }
    }

    /** A packed one with the time at which anything about it was changed last, which nobody can set back. */
    static void archive(Path archive, Map<Path, FileStamp> stamps) {
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

    /** A file by itself, if it is there. */
    static void file(Path file, Map<Path, FileStamp> stamps) {
        FileStamp stamp = FileStamp.ofFile(file);
        if (!stamp.equals(FileStamp.ABSENT)) {
            stamps.put(file, stamp);
        }
    }
}
