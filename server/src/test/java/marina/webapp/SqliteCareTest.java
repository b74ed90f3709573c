package marina.webapp;

import static marina.webapp.TestWar.servlet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import marina.config.EeLevel;
import marina.database.DatabaseUrl;
import marina.testing.CurrentUser;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqliteCareTest {
    @TempDir
    Path base;

    private LibraryDataSource source(String url) {
        return new LibraryDataSource(DatabaseUrl.parse(url, base));
    }

    @ParameterizedTest
    @CsvSource({
        "sqlite:a/b/x.db, wal 5000 1 1",
        "sqlite3:x.db?busy_timeout=70, wal 70 1 1",
        "sqlite:x.db?FOREIGN_KEYS=false&synchronous=FULL, wal 5000 0 2",
        "jdbc:sqlite:x.db?journal_mode=delete, delete 5000 1 2",
        "sqlite:x.db?journal_mode=truncate&synchronous=off, truncate 5000 1 0",
        "jdbc:sqlite:file:/tmp/marina-test?mode=memory&busy_timeout=60, memory 60 1 1",
    })
    void theUrlOfTheOperatorWins(String url, String expected) throws Exception {
        StringBuilder found = new StringBuilder();
        try (Connection connection = source(url).getConnection();
                Statement statement = connection.createStatement()) {
            for (String pragma : new String[] {"journal_mode", "busy_timeout", "foreign_keys", "synchronous"}) {
                try (ResultSet result = statement.executeQuery("pragma " + pragma)) {
                    found.append(result.getString(1)).append(' ');
                }
            }
        }
        assertThat(found.toString().strip()).isEqualTo(expected);
    }

    @Test
    void aParameterThatNobodyKnowsIsRefusedInsteadOfNamingAFile() {
        assertThatThrownBy(() -> source("sqlite:x.db?pool=5"))
                .hasMessageContaining("sqlite:x.db?pool=5 has the parameter \"pool\", which SQLite does not know")
                .hasMessageContaining("open_mode=1");
        assertThat(base).isEmptyDirectory();
    }

    @Test
    void saysWhatIsWrongWithTheFile() throws Exception {
        Files.writeString(base.resolve("note"), "text that is no database, and long enough".repeat(50));
        Files.createDirectory(base.resolve("folder"));
        assertThatThrownBy(() -> source("sqlite:note/x.db").getConnection())
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("note/x.db cannot be made")
                .hasMessageContaining("name another file in DATABASE_URL");
        assertThatThrownBy(() -> source("sqlite:folder").getConnection())
                .hasMessageContaining("folder is a folder; name a file");
        assertThatThrownBy(() -> source("sqlite:note").getConnection())
                .hasMessageContaining("note cannot be used")
                .hasMessageContaining("marina.sh restore");
    }

    @Test
    void aReadOnlyFileIsExplainedAndCanBeRead() throws Exception {
        try (Connection connection = source("sqlite:x.db?journal_mode=delete").getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create table t(a)");
        }
        Path file = base.resolve("x.db");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
        try (Connection connection = source("sqlite:x.db?open_mode=1").getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("select count(*) from t")) {
            assertThat(result.getInt(1)).isZero();
        }
        Assumptions.assumeFalse(CurrentUser.uid() == 0, "root may write every file");
        assertThatThrownBy(() -> source("sqlite:x.db").getConnection())
                .hasMessageContaining("x.db cannot be written, because the user ")
                .hasMessageContaining("mode r--r--r--")
                .hasMessageContaining("?open_mode=1");
    }

    @Test
    void whatWasCommittedSurvivesAKillInTheMiddleOfWrites() throws Exception {
        String body =
                """
                DataSource source = (DataSource) new InitialContext().lookup("java:comp/env/jdbc/default");
                try (Connection c = source.getConnection(); Statement s = c.createStatement()) {
                    s.execute("create table if not exists t(n integer primary key, filler text)");
                    if (q.getParameter("n") != null) {
                        s.execute("insert into t values(" + q.getParameter("n") + ", hex(randomblob(2000)))");
                    }
                    ResultSet r = s.executeQuery("select count(*) from t");
                    a.getWriter().print(r.getInt(1));
                }
                """;
        Files.createDirectories(base.resolve("webapps"));
        new TestWar(EeLevel.EE10, base).type("app.Do", servlet(body)).pack("webapps/d.war");
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                base, "contexts:\n  /d: { war: d.war, isolation: process, page_after: 60s, stop_timeout: 20s }\n")) {
            assertThat(marina.get("/d/do").body()).isEqualTo("0");
            AtomicInteger committed = new AtomicInteger();
            AtomicBoolean killed = new AtomicBoolean();
            CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
                for (int n = 1; !killed.get(); n++) {
                    if (marina.get("/d/do?n=" + n).statusCode() != 200) {
                        return;
                    }
                    committed.set(n);
                }
            });
            await().atMost(Duration.ofSeconds(30)).until(() -> committed.get() > 50);
            ProcessHandle.of(marina.status("/d").pids().get(0)).orElseThrow().destroyForcibly();
            killed.set(true);
            writer.handle((done, failure) -> "").join();

            await().atMost(Duration.ofSeconds(60))
                    .until(() -> marina.get("/d/do").statusCode() == 200);
            int kept = Integer.parseInt(marina.get("/d/do").body());
            assertThat(kept).isBetween(committed.get(), committed.get() + 1);
        }
        try (Connection connection = source("sqlite:data/d.db").getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("pragma integrity_check")) {
            assertThat(result.getString(1)).isEqualTo("ok");
        }
    }
}
