package marina.database;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Makes and puts back the copies of one SQLite database. Blocks; for one thread at a time.
 */
public final class DatabaseBackup {
    private final Path database;
    private final BackupFolder folder;

    /**
     * The copies of a database.
     *
     * @param database its file, which need not exist
     * @param directory of the copies, made when it is missing
     * @param name the context's, which is in the name of each copy
     * @param keep how many stay, at least 1
     */
    public DatabaseBackup(Path database, Path directory, String name, int keep) {
        this.database = database;
        this.folder = new BackupFolder(directory, name.replace('/', '#'), keep);
    }

    /**
     * A backup.
     *
     * @param file the copy
     * @param fresh false when the newest one is the same, so that none had to be made
     */
    public record Made(Path file, boolean fresh) {}

    /**
     * What a restore has done.
     *
     * @param backup what is the database now
     * @param before a copy of what it was; empty when there was none
     */
    public record Restored(Path backup, Optional<Path> before) {}

    /** The database. */
    public Path database() {
        return database;
    }

    /** Whether there is something to copy. */
    public boolean hasDatabase() {
        return Files.exists(database);
    }

    /**
     * Copies the database as it is now, whoever uses it, and removes the oldest copies.
     *
     * @throws BackupException with the reason; then there is no new copy
     */
    public Made make() throws BackupException {
        return make(database);
    }

    private Made make(Path spared) throws BackupException {
        if (!hasDatabase()) {
            throw new BackupException("there is no database " + database + " yet");
        }
        Path backup = folder.next();
        Path temporary = BackupFolder.temporary(backup);
        try {
            Files.createDirectories(folder.directory());
            DurableFile.create(temporary);
            try {
                SqliteCopy.copy(database, temporary);
                SqliteCopy.check(temporary);
                Optional<Path> newest = folder.newest();
                if (newest.isPresent() && Files.mismatch(newest.get(), temporary) < 0) {
                    return new Made(newest.get(), false);
                }
                DurableFile.dressAs(database, temporary);
                DurableFile.finish(temporary, backup);
            } finally {
                DurableFile.deleteDatabase(temporary);
            }
            folder.prune(spared);
            return new Made(backup, true);
        } catch (SQLException e) {
            throw new BackupException(
                    database + " could not be copied to " + folder.directory() + ": " + e.getMessage()
                            + "; look at the space and the permissions there, and whether the database is sound"
                            + " (sqlite3 FILE \"pragma integrity_check\")",
                    e);
        } catch (IOException e) {
            throw new BackupException(
                    database + " could not be copied: " + e + "; look at the space and the permissions of "
                            + folder.directory(),
                    e);
        }
    }

    /**
     * Puts a copy in the place of the database, which nobody may use meanwhile; what was there is kept as a backup.
     *
     * @param backup what {@link #find} has found
     * @throws BackupException with the reason; then the database is as it was
     */
    public Restored restore(Path backup) throws BackupException {
        Path temporary = database.resolveSibling("." + database.getFileName() + ".restore");
        try {
            Files.createDirectories(temporary.toAbsolutePath().getParent());
            try {
                DurableFile.create(temporary);
                try (OutputStream out = Files.newOutputStream(temporary)) {
                    Files.copy(backup, out);
                }
                check(backup, temporary);
                DurableFile.dressAs(hasDatabase() ? database : backup, temporary);
                Optional<Path> before = keepPresent(backup);
                // A journal of other pages would be played into the new ones.
                DurableFile.deleteJournals(database);
                DurableFile.finish(temporary, database);
                return new Restored(backup, before);
            } finally {
                DurableFile.deleteDatabase(temporary);
            }
        } catch (IOException e) {
            throw new BackupException(
                    database + " could not be replaced by " + backup + ": " + e + "; it is as it was", e);
        }
    }

    /**
     * The file that a restore takes.
     *
     * @param wanted a file, or the name of one of the copies; empty for the newest
     * @throws BackupException when there is none, with those that are there
     */
    public Path find(String wanted) throws BackupException {
        try {
            if (wanted.isEmpty()) {
                return folder.newest()
                        .orElseThrow(() -> new BackupException(
                                "there is no backup of " + database + " in " + folder.directory() + "; name a file"));
            }
            for (Path candidate : new Path[] {
                folder.directory().resolve(wanted), Path.of(wanted).toAbsolutePath()
            }) {
                if (Files.isRegularFile(candidate)) {
                    return candidate;
                }
            }
            throw new BackupException("there is no backup " + wanted + "; in " + folder.directory() + " are: "
                    + String.join(
                            ", ",
                            folder.all().stream()
                                    .map(file -> String.valueOf(file.getFileName()))
                                    .toList()));
        } catch (IOException e) {
            throw new BackupException("the backups in " + folder.directory() + " cannot be read: " + e, e);
        }
    }

    private void check(Path backup, Path copy) throws BackupException, IOException {
        String damage = "";
        if (Files.size(copy) == 0) {
            damage = "it is empty";
        } else {
            try {
                SqliteCopy.check(copy);
            } catch (SQLException e) {
                damage = String.valueOf(e.getMessage());
            }
        }
        if (!damage.isEmpty()) {
            throw new BackupException("the backup " + backup + " is damaged (" + damage + "); take another one, "
                    + database + " is as it was");
        }
    }

    /** As a backup or, when it is so damaged that this does not go, file by file under another name. */
    private Optional<Path> keepPresent(Path spared) throws IOException {
        if (!hasDatabase()) {
            return Optional.empty();
        }
        try {
            return Optional.of(make(spared).file());
        } catch (BackupException e) {
            Files.createDirectories(folder.directory());
            Path damaged = folder.next();
            damaged = damaged.resolveSibling(damaged.getFileName() + ".damaged");
            for (String suffix : new String[] {"-wal", "-journal", ""}) {
                Path part = database.resolveSibling(database.getFileName() + suffix);
                if (Files.exists(part)) {
                    Files.copy(part, damaged.resolveSibling(damaged.getFileName() + suffix));
                }
            }
            return Optional.of(damaged);
        }
    }
}
