package example.todo;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The items in the database, in SQL that SQLite, PostgreSQL and MySQL all understand. Makes its table when it is first
 * asked for something, so that a database that is down when the application starts does no lasting harm. Thread-safe.
 */
final class TodoStore {
    private static final String CREATE = "CREATE TABLE IF NOT EXISTS todo_item (id VARCHAR(36) NOT NULL PRIMARY KEY,"
            + " label VARCHAR(200) NOT NULL, done SMALLINT NOT NULL, created_us BIGINT NOT NULL)";
    private static final String PROBE = "SELECT COUNT(*) FROM todo_item WHERE 1 = 0";
    private static final String SELECT = "SELECT id, label, done FROM todo_item ORDER BY created_us DESC, id";
    private static final String INSERT = "INSERT INTO todo_item (id, label, done, created_us) VALUES (?, ?, 0, ?)";
    private static final String TICK = "UPDATE todo_item SET done = ? WHERE id = ?";
    private static final String DELETE = "DELETE FROM todo_item WHERE id = ?";
    private static final String CLEAR = "DELETE FROM todo_item WHERE done = 1";

    private final Database database;

    /** Whether the table is known to exist; forgotten after any error, because the database may have been replaced. */
    private volatile boolean prepared;

    TodoStore(Database database) {
        this.database = database;
    }

    TodoList list() throws SQLException {
        return in(connection -> {
            List<TodoItem> items = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement(SELECT);
                    ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    items.add(new TodoItem(row.getString(1), row.getString(2), row.getInt(3) == 1));
                }
            }
            return new TodoList(items, product(connection));
        });
    }

    /** Adds an open item and answers its id. */
    String add(String text) throws SQLException {
        String id = UUID.randomUUID().toString();
        long now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        update(INSERT, id, text, now);
        return id;
    }

    /** Ticks an item off or opens it again; one that somebody else deleted meanwhile is no error. */
    void tick(String id, boolean done) throws SQLException {
        update(TICK, done ? 1 : 0, id);
    }

    void delete(String id) throws SQLException {
        update(DELETE, id);
    }

    void clearDone() throws SQLException {
        update(CLEAR);
    }

    private void update(String sql, Object... values) throws SQLException {
        in(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                for (int i = 0; i < values.length; i++) {
                    statement.setObject(i + 1, values[i]);
                }
                return statement.executeUpdate();
            }
        });
    }

    private <T> T in(Work<T> work) throws SQLException {
        try (Connection connection = database.connect()) {
            prepare(connection);
            return work.with(connection);
        } catch (SQLException e) {
            prepared = false;
            throw e;
        }
    }

    private void prepare(Connection connection) throws SQLException {
        if (prepared) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute(CREATE);
        } catch (SQLException e) {
            // PostgreSQL lets two first requests both try, and one of them fail; and a user who may not create
            // tables is fine when somebody else has made this one.
            probe(connection, e);
        }
        prepared = true;
    }

    private static void probe(Connection connection, SQLException failedCreate) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(PROBE);
        } catch (SQLException e) {
            failedCreate.addSuppressed(e);
            throw failedCreate;
        }
    }

    private static String product(Connection connection) throws SQLException {
        DatabaseMetaData metaData = connection.getMetaData();
        return metaData.getDatabaseProductName() + " " + metaData.getDatabaseMajorVersion() + "."
                + metaData.getDatabaseMinorVersion();
    }

    /** Where connections come from; the caller closes them. */
    @FunctionalInterface
    interface Database {
        Connection connect() throws SQLException;
    }

    @FunctionalInterface
    private interface Work<T> {
        T with(Connection connection) throws SQLException;
    }
}
