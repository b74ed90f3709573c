package marina.webapp;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.logging.Logger;
import javax.sql.DataSource;
import marina.database.DatabaseUrl;
import marina.database.SqliteSettings;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections with the drivers of lib/. DriverManager is no use here: it looks for drivers with the context class
 * loader, which is the web application's. Thread-safe.
 */
final class LibraryDataSource implements DataSource {
    private final DatabaseUrl url;
    private final @Nullable SqliteSettings sqlite;
    private volatile @Nullable Driver driver;
    private volatile boolean byMariaDb; // set before the driver
    private volatile int loginTimeout;

    /**
     * Nothing is opened yet.
     *
     * @throws IllegalArgumentException when a parameter of a SQLite URL makes no sense
     */
    LibraryDataSource(DatabaseUrl url) {
        this.url = url;
        this.sqlite = url.isSqlite() ? new SqliteSettings(url) : null;
    }

    @Override
    public Connection getConnection() throws SQLException {
        return getConnection(url.user(), url.password());
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        if (sqlite != null) {
            sqlite.prepare();
        }
        // Threads that a driver starts, or the JVM for it, remember the context class loader of whoever comes first.
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(LibraryDataSource.class.getClassLoader());
        try {
            Driver found = driver();
            Connection connection = found.connect(jdbcUrl(), properties(user, password));
            if (connection == null) {
                throw missingDriver();
            }
            return connection;
        } catch (SQLException e) {
            throw sqlite == null ? e : sqlite.explain(e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private Properties properties(String user, String password) {
        Properties properties = sqlite == null ? new Properties() : sqlite.properties();
        if (!user.isEmpty()) {
            properties.setProperty("user", user);
        }
        if (!password.isEmpty()) {
            properties.setProperty("password", password);
        }
        return properties;
    }

    private Driver driver() throws SQLException {
        Driver known = driver;
        if (known != null) {
            return known;
        }
        Driver second = null;
        for (Driver candidate : ServiceLoader.load(Driver.class, LibraryDataSource.class.getClassLoader())) {
            if (candidate.acceptsURL(url.jdbcUrl())) {
                driver = candidate;
                return candidate;
            }
            if (candidate.acceptsURL(ofMariaDb())) {
                second = candidate;
            }
        }
        if (second != null) {
            byMariaDb = true;
            driver = second;
            return second;
        }
        throw missingDriver();
    }

    private String jdbcUrl() {
        return byMariaDb ? ofMariaDb() : url.jdbcUrl();
    }

    /** MariaDB's driver speaks to MySQL, but takes its URLs only under its own name. */
    private String ofMariaDb() {
        return url.jdbcUrl().replaceFirst("^jdbc:mysql:", "jdbc:mariadb:");
    }

    private SQLException missingDriver() {
        return new SQLException("No JDBC driver for " + url + "; put its jar into lib/ and restart Marina");
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(PrintWriter out) {
        // Drivers that log do so through the logging of their choice.
    }

    @Override
    public void setLoginTimeout(int seconds) {
        loginTimeout = seconds;
    }

    /** Not given to the drivers; HikariCP wants to hear again what it said, and waits that long when it closes. */
    @Override
    public int getLoginTimeout() {
        return loginTimeout;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        throw new SQLException("not a " + type.getName());
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return type.isInstance(this);
    }
}
