package marina.webapp;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import javax.sql.DataSource;
import marina.config.DatabaseConfig;
import marina.database.DatabaseUrl;

/** The connections of one web application: opened at the first {@code getConnection}, closed with it. Thread-safe. */
final class DatabasePool implements AutoCloseable {
    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HikariDataSource pool;

    /**
     * A pool that has not been opened.
     *
     * @param name for its threads and messages
     * @param base relative files are relative to this
     * @param housekeeper shared by all pools, because each would otherwise have a thread of its own
     * @throws IllegalArgumentException when the URL has none of the known forms
     */
    DatabasePool(String name, DatabaseConfig config, Path base, ScheduledExecutorService housekeeper) {
        pool = new HikariDataSource();
        pool.setPoolName(name);
        pool.setDataSource(new LibraryDataSource(DatabaseUrl.parse(config.url(), base)));
        pool.setMaximumPoolSize(config.poolSize());
        pool.setMinimumIdle(0);
        pool.setIdleTimeout(IDLE.toMillis());
        pool.setConnectionTimeout(PATIENCE.toMillis());
        pool.setScheduledExecutor(housekeeper);
        pool.setThreadFactory(new MarinaThreads(name + " connections"));
    }

    /** What the application finds in JNDI. */
    DataSource dataSource() {
        return pool;
    }

    /** Closes all connections; a connection that is in use is aborted. */
    @Override
    public void close() {
        pool.close();
    }
}
