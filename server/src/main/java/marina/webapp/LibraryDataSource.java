package marina.webapp;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections with the drivers of lib/. DriverManager is no use here: it looks for drivers with the context class
 * loader, which is the web application's. Thread-safe.
 */
final class LibraryDataSource implements DataSource {
    private final DatabaseUrl url;
    private volatile @Nullable Driver driver;
    private volatile int loginTimeout;

    LibraryDataSource(DatabaseUrl url) {
        this.url = url;
    }

    @Override
    public Connection getConnection() throws SQLException {
        return getConnection(url.user(), url.password());
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        createParent();
        // Threads that a driver starts, or the JVM for it, remember the context class loader of whoever comes first.
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(LibraryDataSource.class.getClassLoader());
        try {
            Connection connection = driver().connect(url.jdbcUrl(), properties(user, password));
            if (connection == null) {
                throw missingDriver();
            }
            return connection;
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private Properties properties(String user, String password) {
        Properties properties = new Properties();
        if (!user.isEmpty()) {
            properties.setProperty("user", user);
        }
        if (!password.isEmpty()) {
            properties.setProperty("password", password);
        }
        if (url.isSqlite()) {
            // What SQLite leaves off for the sake of very old programs; parameters in the URL win over these.
            properties.setProperty("journal_mode", "WAL");
            properties.setProperty("busy_timeout", "10000");
            properties.setProperty("foreign_keys", "true");
        }
        return properties;
    }

    private void createParent() throws SQLException {
        Path file = url.file();
        Path parent = file == null ? null : file.getParent();
        if (parent == null) {
            return;
        }
        try {
            Files.createDirectories(parent);
        } catch (IOException e) {
            throw new SQLException("Cannot create the directory of " + file + ": " + e, e);
        }
    }

    private Driver driver() throws SQLException {
        Driver known = driver;
        if (known != null) {
            return known;
        }
        for (Driver candidate : ServiceLoader.load(Driver.class, LibraryDataSource.class.getClassLoader())) {
            if (candidate.acceptsURL(url.jdbcUrl())) {
                driver = candidate;
                return candidate;
            }
        }
        throw missingDriver();
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
