package marina.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The copies of the SQLite database of a context.
 *
 * @param atStop whether one is made whenever the context stops; else only when it is asked for
 * @param directory of the copies, which other contexts may use too
 * @param keep how many copies of this context stay, at least 1
 */
public record BackupConfig(boolean atStop, Path directory, int keep) {
    private static final int KEEP = 7;
    private static final int MOST = 10_000;

    /** Of contexts without a database. */
    static final BackupConfig NONE = new BackupConfig(false, Path.of(""), KEEP);

    /**
     * Reads {@code backup}: a mapping, true or false.
     *
     * @param kind of the context; what comes from defaults is meant for those whom it suits
     * @param url DATABASE_URL of the context; empty when it has none
     */
    static BackupConfig read(Section s, String kind, String url) {
        Path directory = s.reading().directories().data().resolve("backups");
        BackupConfig absent = new BackupConfig(false, directory, KEEP);
        if (!s.has("backup")) {
            return absent;
        }
        BackupConfig backup = absent;
        if (s.written("backup").filter(Value.Scalar.class::isInstance).isPresent()) {
            backup = new BackupConfig(s.flag("backup", false), directory, KEEP);
        } else {
            PathText base = s.reading().paths();
            backup = s.section(
                    "backup",
                    section -> new BackupConfig(
                            true,
                            section.value("directory", base::any, directory),
                            section.number("keep", 1, MOST, KEEP)));
        }
        if (!backup.atStop || !s.scope().isComplete() || DatabaseUrl.isSqliteFile(url)) {
            return backup;
        }
        boolean starts = kind.equals("war") || kind.equals("command");
        boolean inherited = s.written("backup")
                .filter(value -> value.key().startsWith("defaults."))
                .isPresent();
        if (starts && !inherited) {
            s.problem(
                    "backup",
                    "copies only SQLite files, and DATABASE_URL " + (url.isEmpty() ? "is not set" : "names none")
                            + "; use the database's own tools (pg_dump, mariadb-dump) in a hook, and write backup: false");
        }
        return absent;
    }

    Object dump(DumpText text) {
        if (!atStop) {
            return false;
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("directory", text.path(directory));
        result.put("keep", keep);
        return result;
    }
}
