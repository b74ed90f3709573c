package marina.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteOpenMode;

/**
 * How SQLite files are opened: with what SQLite leaves off for the sake of very old programs, unless the operator's URL
 * says otherwise. Thread-safe.
 */
public final class SqliteSettings {
    private static final Set<String> PARAMETERS = Arrays.stream(SQLiteConfig.Pragma.values())
            .map(pragma -> pragma.pragmaName)
            .collect(Collectors.toUnmodifiableSet());
    private static final int WRITABLE = SQLiteOpenMode.READWRITE.flag | SQLiteOpenMode.CREATE.flag;

    private final DatabaseUrl url;
    private final Map<String, String> parameters;

    /**
     * The settings for a URL.
     *
     * @throws IllegalArgumentException when it has a parameter that nobody knows; SQLite would make it a part of the
     *     file's name
     */
    public SqliteSettings(DatabaseUrl url) {
        this.url = url;
        this.parameters = parameters(url.jdbcUrl());
        if (url.file() == null) {
            return; // a URI of SQLite's own, which has other parameters
        }
        for (String name : parameters.keySet()) {
            if (!PARAMETERS.contains(name)) {
                throw new IllegalArgumentException("DATABASE_URL " + url + " has the parameter \"" + name
                        + "\", which SQLite does not know; remove it, or write one of its pragmas, e.g."
                        + " journal_mode=delete, busy_timeout=10000, open_mode=1 (only read)");
            }
        }
    }

    private static Map<String, String> parameters(String jdbcUrl) {
        Map<String, String> parameters = new TreeMap<>();
        int query = jdbcUrl.indexOf('?');
        if (query >= 0) {
            for (String parameter : jdbcUrl.substring(query + 1).split("&", -1)) {
                int equals = parameter.indexOf('=');
                String name = equals < 0 ? parameter : parameter.substring(0, equals);
                if (!name.isBlank()) {
                    parameters.put(
                            name.strip().toLowerCase(Locale.ROOT),
                            equals < 0 ? "" : parameter.substring(equals + 1).strip());
                }
            }
        }
        return parameters;
    }

    /** What the driver is given beside the URL: nothing that the URL says itself. */
    public Properties properties() {
        Properties properties = new Properties();
        put(properties, "busy_timeout", "5000");
        put(properties, "foreign_keys", "true");
        if (onlyReads()) {
            return properties;
        }
        put(properties, "journal_mode", "WAL");
        if (parameters.getOrDefault("journal_mode", "wal").equalsIgnoreCase("wal")) {
            // Loses nothing when a process dies; with another journal a power cut could damage the file.
            put(properties, "synchronous", "NORMAL");
        }
        return properties;
    }

    private void put(Properties properties, String name, String value) {
        if (!parameters.containsKey(name)) {
            properties.setProperty(name, value);
        }
    }

    private boolean onlyReads() {
        try {
            return (Integer.parseInt(parameters.getOrDefault("open_mode", "6")) & WRITABLE) == 0;
        } catch (NumberFormatException e) {
            return false; // the driver says it
        }
    }

    /**
     * Makes the folder of the file, and finds out what SQLite would say only in riddles.
     *
     * @throws SQLException with what to do, when the file or its folder cannot be used
     */
    public void prepare() throws SQLException {
        Path file = url.file();
        Path folder = file == null ? null : file.getParent();
        if (file == null || folder == null || onlyReads()) {
            return;
        }
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new SQLException(
                    "The folder of the database " + file + " cannot be made (" + e + "); make " + folder
                            + " writable for " + user() + ", or name another file in DATABASE_URL",
                    e);
        }
        if (Files.isDirectory(file)) {
            throw new SQLException("The database " + file + " is a folder; name a file in DATABASE_URL");
        }
        if (Files.exists(file) && !Files.isWritable(file)) {
            throw readOnly(file, file);
        }
        if (!Files.isWritable(folder)) {
            throw readOnly(file, folder);
        }
    }

    private static SQLException readOnly(Path file, Path cause) {
        return new SQLException("The database " + file + " cannot be written, because " + user() + " may not write "
                + (cause.equals(file) ? "it" : "to its folder, where SQLite keeps its journal") + describe(cause)
                + "; change the owner or mode, or add ?open_mode=1 to DATABASE_URL to only read it");
    }

    private static String describe(Path path) {
        try {
            PosixFileAttributes attributes = Files.readAttributes(path, PosixFileAttributes.class);
            return " (owner " + attributes.owner().getName() + ", mode "
                    + PosixFilePermissions.toString(attributes.permissions()) + ")";
        } catch (IOException | UnsupportedOperationException e) {
            return "";
        }
    }

    private static String user() {
        return "the user " + System.getProperty("user.name");
    }

    /** The failure to open it, with the file and what to do where SQLite names neither. */
    public SQLException explain(SQLException failure) {
        Path file = url.file();
        if (file == null) {
            return failure;
        }
        if (onlyReads() && !Files.exists(file)) {
            return new SQLException("The database " + file + " does not exist, and open_mode only reads it", failure);
        }
        SQLiteErrorCode code = SQLiteErrorCode.getErrorCode(failure.getErrorCode() & 0xff);
        String advice =
                switch (code) {
                    case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM -> "it or its folder " + file.getParent()
                            + " cannot be written; look at the owner, the mode, and whether its file system is"
                            + " mounted read-only. Only to read it, add ?open_mode=1 to DATABASE_URL";
                    case SQLITE_NOTADB,
                            SQLITE_CORRUPT -> "it is damaged or no SQLite database; put a backup in its place"
                            + " with \"marina.sh restore\"";
                    case SQLITE_FULL, SQLITE_IOERR -> "the disk is full or failing";
                    case SQLITE_BUSY, SQLITE_LOCKED -> "another program holds it locked";
                    default -> "";
                };
        if (advice.isEmpty()) {
            return failure;
        }
        String message = "The database " + file + " cannot be used (" + failure.getMessage() + "): " + advice;
        return new SQLException(message, failure.getSQLState(), failure.getErrorCode(), failure);
    }
}
