package marina.webapp;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.ToIntFunction;
import javax.sql.DataSource;
import marina.config.DatabaseConfig;
import marina.database.DatabaseUrl;

/** The connections of one web application: opened at the first {@code getConnection}, closed with it. Thread-safe. */
final class DatabasePool implements PoolMXBean, AutoCloseable {
    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HikariDataSource pool;
    private final DatabaseUrl url;
    private volatile Runnable atClose = () -> {};

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
        url = DatabaseUrl.parse(config.url(), base);
        pool.setDataSource(new LibraryDataSource(url));
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

    /** Shows it in JMX until it is closed. */
    void show(PoolBeans beans, String contextPath) {
        atClose = () -> beans.hide(contextPath, this);
        beans.show(contextPath, this);
    }

    @Override
    public int getActive() {
        return number(HikariPoolMXBean::getActiveConnections);
    }

    @Override
    public int getIdle() {
        return number(HikariPoolMXBean::getIdleConnections);
    }

    @Override
    public int getWaiting() {
        return number(HikariPoolMXBean::getThreadsAwaitingConnection);
    }

    @Override
    public int getMax() {
        return pool.getMaximumPoolSize();
    }

    @Override
    public boolean isOpened() {
        return pool.getHikariPoolMXBean() != null;
    }

    @Override
    public String getUrl() {
        return url.toString();
    }

    @Override
    public void evict() {
        HikariPoolMXBean opened = pool.getHikariPoolMXBean();
        if (opened != null) {
            opened.softEvictConnections();
        }
    }

    private int number(ToIntFunction<HikariPoolMXBean> attribute) {
        HikariPoolMXBean opened = pool.getHikariPoolMXBean();
        return opened == null ? 0 : attribute.applyAsInt(opened);
    }

    /** Closes all connections; a connection that is in use is aborted. */
    @Override
    public void close() {
        atClose.run();
        pool.close();
    }
}
