package marina.webapp;

import java.nio.file.Path;
import java.util.Map;
import marina.config.DatabaseConfig;
import marina.config.EeLevel;
import marina.config.SessionPlace;
import marina.config.WebConfig;

/**
 * What a hosted WAR is started with.
 *
 * @param contextPath {@code /} or {@code /sam/list1}
 * @param archive the WAR or the exploded folder
 * @param level the EE level, or AUTO
 * @param entries what it finds at java:comp/env/NAME and as init parameters
 * @param database its DataSource
 * @param sessions where its sessions are kept
 * @param web what it is told besides its web.xml
 * @param base relative paths in the database URL are relative to this
 */
public record WarSettings(
        String contextPath,
        Path archive,
        EeLevel level,
        Map<String, String> entries,
        DatabaseConfig database,
        SessionPlace sessions,
        WebConfig web,
        Path base) {
    /** Copies its map. */
    public WarSettings {
        entries = Map.copyOf(entries);
    }

    /** One that is told nothing besides its web.xml. */
    public WarSettings(
            String contextPath,
            Path archive,
            EeLevel level,
            Map<String, String> entries,
            DatabaseConfig database,
            SessionPlace sessions,
            Path base) {
        this(contextPath, archive, level, entries, database, sessions, WebConfig.DEFAULT, base);
    }

    /** The same whose sessions are kept in files. */
    public WarSettings(
            String contextPath,
            Path archive,
            EeLevel level,
            Map<String, String> entries,
            DatabaseConfig database,
            Path base) {
        this(contextPath, archive, level, entries, database, SessionPlace.FILE, base);
    }
}
