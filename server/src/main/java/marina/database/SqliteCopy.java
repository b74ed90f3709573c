package marina.database;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteOpenMode;

/** Copies SQLite databases that may be in use, and checks copies. Blocks. */
final class SqliteCopy {
    private static final String PATIENCE_MILLIS = "5000";

    private SqliteCopy() {}

    /**
     * Copies by SQLite's online backup: what is committed at one moment, its journal included. Where the database has a
     * write-ahead log, its users can go on reading and writing meanwhile; else they can read.
     *
     * @param target an empty file
     * @throws SQLException when it cannot be read or the copy not be written
     */
    static void copy(Path source, Path target) throws SQLException {
        try (SQLiteConnection connection = open(source);
                Statement statement = connection.createStatement()) {
            // Stays at one state of the database; else each write of others would begin the copy anew.
            statement.execute("begin");
            statement.executeQuery("select count(*) from sqlite_master").close();
            int result = connection.getDatabase().backup("main", target.toString(), null);
            statement.execute("rollback");
            SQLiteErrorCode code = SQLiteErrorCode.getErrorCode(result);
            if (code != SQLiteErrorCode.SQLITE_OK) {
                throw new SQLException(code + ": " + code.message, "", result);
            }
        }
    }

    /**
     * Looks whether it is a sound SQLite database.
     *
     * @throws SQLException with what is wrong
     */
    static void check(Path file) throws SQLException {
        try (SQLiteConnection connection = open(file);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("pragma quick_check(1)")) {
            String first = result.getString(1);
            if (!first.equals("ok")) {
                throw new SQLException(first.replaceAll("\\s+", " ").strip());
            }
        }
    }

    /** For writing, because only who may write takes the write-ahead log away at the end. */
    private static SQLiteConnection open(Path file) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("open_mode", String.valueOf(SQLiteOpenMode.READWRITE.flag));
        properties.setProperty("busy_timeout", PATIENCE_MILLIS);
        return JDBC.createConnection("jdbc:sqlite:" + file, properties);
    }
}
