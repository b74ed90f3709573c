package marina.webapp;

import java.nio.file.Path;
import java.util.Map;
import marina.config.DatabaseConfig;
import marina.config.EeLevel;
import marina.config.SessionPlace;

/**
 * What a hosted WAR is started with.
 *
 * @param contextPath {@code /} or {@code /sam/list1}
 * @param archive the WAR or the exploded folder
 * @param level the EE level, or AUTO
 * @param entries what it finds at java:comp/env/NAME and as init parameters
 * @param database its DataSource
 * @param sessions where its sessions are kept
 * @param sharedClasses whether it shares its classes with the other contexts of its archive that do so
 * @param base relative paths in the database URL are relative to this
 */
public record WarSettings(
        String contextPath,
        Path archive,
        EeLevel level,
        Map<String, String> entries,
        DatabaseConfig database,
        SessionPlace sessions,
        boolean sharedClasses,
        Path base) {
    /** Copies its map. */
    public WarSettings {
        entries = Map.copyOf(entries);
    }

    /** The same at this level. */
    public WarSettings with(EeLevel other) {
        return new WarSettings(contextPath, archive, other, entries, database, sessions, sharedClasses, base);
    }

    /** The same with shared classes. */
    public WarSettings withSharedClasses() {
        return new WarSettings(contextPath, archive, level, entries, database, sessions, true, base);
    }

    /** One that shares nothing. */
    public WarSettings(
            String contextPath,
            Path archive,
            EeLevel level,
            Map<String, String> entries,
            DatabaseConfig database,
            SessionPlace sessions,
            Path base) {
        this(contextPath, archive, level, entries, database, sessions, false, base);
    }

    /** One whose sessions are kept in files, and that shares nothing. */
    public WarSettings(
            String contextPath,
            Path archive,
            EeLevel level,
            Map<String, String> entries,
            DatabaseConfig database,
            Path base) {
        this(contextPath, archive, level, entries, database, SessionPlace.FILE, false, base);
    }
}
