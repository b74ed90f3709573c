package marina.webapp;

import static marina.webapp.TestWar.servlet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import marina.config.DatabaseConfig;
import marina.config.EeLevel;
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
                    for (String pragma : List.of("journal_mode", "busy_timeout", "foreign_keys", "synchronous")) {
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
        assertThat(host.get("/p/do")).isEqualTo("journal_mode=wal busy_timeout=5000 foreign_keys=1 synchronous=1 ");
        assertThat(base.resolve("data/p.db-wal")).exists();
        host.stop(war);
        assertThat(base.resolve("data/p.db-wal"))
                .as("put into the file at the end")
                .doesNotExist();
        assertThat(base.resolve("data/p.db-shm")).doesNotExist();
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
                new DatabaseConfig("jdbc:oracle:thin:u/secret@h:1521/s", 2, "jdbc/default"),
                base);
        HostedWar war = host.start(settings);
        assertThatThrownBy(() -> war.dataSource().getConnection())
                .hasMessageContaining("No JDBC driver for jdbc:oracle:thin:u/***@h:1521/s; put its jar into lib/");
    }
}
