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
 * @param sharedClasses whether it shares its classes with the other contexts of its archive that do so
 * @param base relative paths in the database URL are relative to this
 * @param version of several that are served beside each other, with sessions of its own; empty when there is but one
 */
public record WarSettings(
        String contextPath,
        Path archive,
        EeLevel level,
        Map<String, String> entries,
        DatabaseConfig database,
        SessionPlace sessions,
        WebConfig web,
        boolean sharedClasses,
        Path base,
        String version) {
    /** Copies its map. */
    public WarSettings {
        entries = Map.copyOf(entries);
    }

    /** The same at this level. */
    public WarSettings with(EeLevel other) {
        return new WarSettings(
                contextPath, archive, other, entries, database, sessions, web, sharedClasses, base, version);
    }

    /** The same with shared classes. */
    public WarSettings withSharedClasses() {
        return new WarSettings(contextPath, archive, level, entries, database, sessions, web, true, base, version);
    }

    /** The only version of its context, that is told nothing besides its web.xml, and that shares nothing. */
    public WarSettings(
            String contextPath,
            Path archive,
            EeLevel level,
            Map<String, String> entries,
            DatabaseConfig database,
            SessionPlace sessions,
            Path base) {
        this(contextPath, archive, level, entries, database, sessions, WebConfig.DEFAULT, false, base, "");
    }

    /** The path of its context, with its version if it has one: {@code /shop##2}. */
    String name() {
        return version.isEmpty() ? contextPath : contextPath + "##" + version;
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
