package marina.webapp;

import static marina.webapp.TestWar.servlet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import marina.config.DatabaseConfig;
import marina.config.EeLevel;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseAndUndeployTest {
    @TempDir
    Path base;

    @SuppressWarnings("NullAway.Init")
    private HostUnderTest host;

    @BeforeEach
    void start() throws Exception {
        host = new HostUnderTest(base);
    }

    @AfterEach
    void stop() {
        host.close();
    }

    @Test
    void sqliteHasItsPragmasAndThePoolClosesWithTheWar() throws Exception {
        String body =
                """
                DataSource source = (DataSource) new InitialContext().lookup("java:comp/env/jdbc/other");
                try (Connection c = source.getConnection(); Statement s = c.createStatement()) {
                    for (String pragma : List.of("journal_mode", "busy_timeout", "foreign_keys")) {
                        ResultSet r = s.executeQuery("pragma " + pragma);
                        a.getWriter().print(pragma + "=" + r.getString(1) + " ");
                    }
                }
                """;
        Path archive = new TestWar(EeLevel.EE10, base)
                .type("app.Do", servlet(body))
                .file(
                        "WEB-INF/web.xml",
                        "<web-app version=\"6.0\"><resource-ref><res-ref-name>jdbc/other</res-ref-name>"
                                + "<res-type>javax.sql.DataSource</res-type></resource-ref></web-app>")
                .pack("p.war");
        HostedWar war = host.start(host.settings("/p", archive));
        assertThat(base.resolve("data")).as("opened at first use").doesNotExist();
        assertThat(host.get("/p/do")).isEqualTo("journal_mode=wal busy_timeout=10000 foreign_keys=1 ");
        host.stop(war);
        war.stop();
        assertThatThrownBy(() -> war.dataSource().getConnection())
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("closed");
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("/p "));
    }

    @Test
    void saysWhereAMissingDriverBelongs() throws Exception {
        Path archive = new TestWar(EeLevel.EE10, base).file("index.html", "x").pack("n.war");
        WarSettings settings = new WarSettings(
                "/n",
                archive,
                EeLevel.AUTO,
                Map.of(),
                new DatabaseConfig("mysql://u:secret@localhost/d", 2, "jdbc/default"),
                base);
        HostedWar war = host.start(settings);
        assertThatThrownBy(() -> war.dataSource().getConnection())
                .hasMessageContaining("No JDBC driver for mysql://u:***@localhost/d; put its jar into lib/");
    }

    @Test
    void tenGenerationsLeaveNoClassLoadersBehind() throws Exception {
        String driver =
                """
                package app;
                import java.sql.*; import java.util.*;
                public class OwnDriver implements Driver {
                    static { try { DriverManager.registerDriver(new OwnDriver()); } catch (SQLException e) { throw new Error(e); } }
                    public Connection connect(String url, Properties p) { return null; }
                    public boolean acceptsURL(String url) { return false; }
                    public DriverPropertyInfo[] getPropertyInfo(String url, Properties p) { return new DriverPropertyInfo[0]; }
                    public int getMajorVersion() { return 1; }
                    public int getMinorVersion() { return 0; }
                    public boolean jdbcCompliant() { return false; }
                    public java.util.logging.Logger getParentLogger() { return null; }
                }
                """;
        Path archive = new TestWar(EeLevel.EE10, base)
                .type("app.OwnDriver", driver)
                .type("app.Settings", ThreeWaysToSettingsTest.SERVLET)
                .type("app.Do", servlet("Class.forName(\"app.OwnDriver\");"))
                .pack("leak.war");
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            HostedWar war = host.start(host.settings("/leak", archive, Map.of("GREETING", "x")));
            assertThat(host.get("/leak/settings")).contains("count=1");
            assertThat(host.response("/leak/do").statusCode()).isEqualTo(200);
            loaders.add(new WeakReference<>(((ContextHandler) war.handler()).getClassLoader()));
            host.stop(war);
        }
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            System.gc();
            // Threads and caches remember the first or the last; what must not happen is that each generation stays.
            assertThat(loaders).filteredOn(loader -> loader.get() != null).hasSizeLessThanOrEqualTo(2);
        });
    }
}
