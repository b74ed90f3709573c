package marina.session;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;

/**
 * One row for each session, in the table {@code marina_sessions} of the application's own database; it is made with the
 * first session. Applications that share a database share the table. Thread-safe.
 */
final class SessionTable implements SessionShelf {
    private static final String WHERE = " WHERE context = ? AND id = ?";

    private final DataSource database;
    private final Runnable end;
    private final String context;
    private volatile boolean ready;

    /**
     * A shelf.
     *
     * @param end closes the connections
     * @param folderName a name of the context for which no other context has it
     */
    SessionTable(DataSource database, Runnable end, String folderName) {
        this.database = database;
        this.end = end;
        this.context = folderName;
    }

    /** What is done with a statement. */
    private interface Work<T> {
        T with(PreparedStatement statement) throws SQLException, IOException;
    }

    private <T> T run(String sql, Work<T> work) throws IOException {
        try (Connection connection = database.getConnection()) {
            if (!ready) {
                create(connection);
                ready = true;
            }
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                return work.with(statement);
            }
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    private static void create(Connection connection) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName().toLowerCase(Locale.ROOT);
        String bytes = product.contains("postgres")
                ? "BYTEA"
                : product.contains("mysql") || product.contains("mariadb") ? "LONGBLOB" : "BLOB";
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS marina_sessions (context VARCHAR(255) NOT NULL,"
                    + " id CHAR(64) NOT NULL, version BIGINT NOT NULL, expires BIGINT NOT NULL, content "
                    + bytes
                    + " NOT NULL, PRIMARY KEY (context, id))");
        }
    }

    @Override
    public Optional<Kept> read(String id) throws IOException {
        return run("SELECT version, content FROM marina_sessions" + WHERE, statement -> {
            name(statement, 1, id);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(new Kept(rows.getString(1), rows.getBytes(2))) : Optional.empty();
            }
        });
    }

    @Override
    public Optional<String> stamp(String id) throws IOException {
        return run("SELECT version FROM marina_sessions" + WHERE, statement -> {
            name(statement, 1, id);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
            }
        });
    }

    @Override
    public String write(String id, long expiry, byte[] record) throws IOException {
        long version = ThreadLocalRandom.current().nextLong(Long.MAX_VALUE);
        int updated = run("UPDATE marina_sessions SET version = ?, expires = ?, content = ?" + WHERE, statement -> {
            values(statement, version, expiry, record);
            name(statement, 4, id);
            return statement.executeUpdate();
        });
        if (updated == 0) {
            run(
                    "INSERT INTO marina_sessions (version, expires, content, context, id) VALUES (?, ?, ?, ?, ?)",
                    statement -> {
                        values(statement, version, expiry, record);
                        name(statement, 4, id);
                        return statement.executeUpdate();
                    });
        }
        return String.valueOf(version);
    }

    private static void values(PreparedStatement statement, long version, long expiry, byte[] record)
            throws SQLException {
        statement.setLong(1, version);
        statement.setLong(2, expiry);
        statement.setBytes(3, record);
    }

    private void name(PreparedStatement statement, int first, String id) throws SQLException {
        statement.setString(first, context);
        statement.setString(first + 1, SessionFiles.digest(id.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public boolean delete(String id) throws IOException {
        return run("DELETE FROM marina_sessions" + WHERE, statement -> {
            name(statement, 1, id);
            return statement.executeUpdate() > 0;
        });
    }

    @Override
    public Set<String> expired(long time) throws IOException {
        String sql = "SELECT version, content FROM marina_sessions WHERE context = ? AND expires > 0 AND expires <= ?";
        return run(sql, statement -> {
            statement.setString(1, context);
            statement.setLong(2, time);
            Set<String> ids = new HashSet<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    ids.add(new Kept(rows.getString(1), rows.getBytes(2))
                            .record()
                            .head()
                            .id());
                }
            }
            return ids;
        });
    }

    @Override
    public boolean lives(String id, long time) throws IOException {
        Optional<Kept> kept = read(id);
        return kept.isPresent() && kept.get().record().head().lives(time);
    }

    @Override
    public long living(long time, long most) throws IOException {
        String sql = "SELECT COUNT(*) FROM marina_sessions WHERE context = ? AND (expires <= 0 OR expires > ?)";
        return run(sql, statement -> {
            statement.setString(1, context);
            statement.setLong(2, time - SessionStore.touchMillis(0));
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? Math.min(most, rows.getLong(1)) : 0;
            }
        });
    }

    @Override
    public void close() {
        end.run();
    }

    @Override
    public String toString() {
        return "the table marina_sessions";
    }
}
