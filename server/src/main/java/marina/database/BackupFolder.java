package marina.database;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The backups of one context in a folder that others may share: {@code sam#list1-20261121T155302.123Z.db}, the time in
 * UTC, so that the order of names is that of times.
 *
 * @param directory made with the first backup
 * @param name of the context, without slashes
 * @param keep how many stay
 */
record BackupFolder(Path directory, String name, int keep) {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final Pattern TIMED = Pattern.compile("-\\d{8}T\\d{6}\\.\\d{3}Z\\.db");

    /** What is older than this is left over from a Marina that was killed. */
    private static final Duration ABANDONED = Duration.ofHours(1);

    /** The file of a backup that is made now; none of this name exists. */
    Path next() {
        Instant now = Instant.now();
        Path file = at(now);
        for (int i = 1; Files.exists(file); i++) {
            file = at(now.plusMillis(i));
        }
        return file;
    }

    private Path at(Instant time) {
        return directory.resolve(name + "-" + TIME.format(time) + ".db");
    }

    /** Where a backup is written until it is complete. */
    static Path temporary(Path backup) {
        return backup.resolveSibling("." + backup.getFileName() + ".tmp");
    }

    /** All backups, the oldest first. */
    List<Path> all() throws IOException {
        List<Path> backups = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, this::isBackup)) {
                files.forEach(backups::add);
            }
        }
        backups.sort(null);
        return backups;
    }

    Optional<Path> newest() throws IOException {
        List<Path> all = all();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
    }

    private boolean isBackup(Path file) {
        String text = String.valueOf(file.getFileName());
        return text.startsWith(name)
                && TIMED.matcher(text.substring(name.length())).matches()
                && Files.isRegularFile(file);
    }

    /** Removes the oldest that are too many, and what a killed Marina has left. */
    void prune(Path spared) throws IOException {
        List<Path> all = all();
        for (Path old : all.subList(0, Math.max(0, all.size() - keep))) {
            if (!old.equals(spared)) {
                DurableFile.deleteDatabase(old);
            }
        }
        Instant limit = Instant.now().minus(ABANDONED);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, this::isTemporary)) {
            for (Path file : files) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
                    DurableFile.deleteDatabase(file);
                }
            }
        }
    }

    private boolean isTemporary(Path file) {
        String text = String.valueOf(file.getFileName());
        String start = "." + name;
        return text.startsWith(start)
                && text.endsWith(".tmp")
                && TIMED.matcher(text.substring(start.length(), Math.max(start.length(), text.length() - 4)))
                        .matches();
    }
}
