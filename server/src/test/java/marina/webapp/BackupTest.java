package marina.webapp;

import static marina.webapp.TestWar.servlet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.management.ObjectName;
import marina.config.ContextPath;
import marina.config.EeLevel;
import marina.context.MountedContext;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Copies of SQLite databases: made at stops and while they are used, and put back. */
class BackupTest {
    /** Each request with n adds a row to two tables, in one transaction. */
    private static final String BODY =
            """
            DataSource source = (DataSource) new InitialContext().lookup("java:comp/env/jdbc/default");
            try (Connection c = source.getConnection(); Statement s = c.createStatement()) {
                s.execute("create table if not exists a(n integer primary key, filler)");
                s.execute("create table if not exists b(n integer primary key, filler)");
                if (q.getParameter("n") != null) {
                    c.setAutoCommit(false);
                    for (String table : List.of("a", "b")) {
                        s.execute("insert into " + table + " values(" + q.getParameter("n") + ", randomblob(3000))");
                    }
                    c.commit();
                    c.setAutoCommit(true);
                }
                ResultSet r = s.executeQuery("select count(*) from a");
                a.getWriter().print(r.getInt(1));
            }
            """;

    @TempDir
    Path base;

    @BeforeEach
    void pack() throws IOException {
        Files.createDirectories(base.resolve("webapps"));
        new TestWar(EeLevel.EE10, base).type("app.Do", servlet(BODY)).pack("webapps/list.war");
    }

    private static MountedContext context(MarinaUnderTest marina) {
        return marina.server().host().context(new ContextPath("/sam/list")).orElseThrow();
    }

    private static void stop(MarinaUnderTest marina) {
        context(marina).stop(Duration.ofSeconds(5)).join();
    }

    private List<Path> copies() throws IOException {
        return copies("data/backups");
    }

    private List<Path> copies(String folder) throws IOException {
        if (!Files.isDirectory(base.resolve(folder))) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(base.resolve(folder))) {
            return files.sorted().toList();
        }
    }

    private static int count(Path database, String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            return result.getInt(1);
        }
    }

    private static int rows(Path database) throws SQLException {
        return count(database, "select count(*) from a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "process"})
    void eachStopThatFollowsAChangeLeavesACopy(String isolation) throws Exception {
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                base,
                "contexts:\n  /sam/list: { war: list.war, page_after: 60s, backup: { directory: copies, keep: 2 }, isolation: "
                        + isolation + " }\n")) {
            for (int n = 1; n <= 3; n++) {
                assertThat(marina.get("/sam/list/do?n=" + n).body()).isEqualTo(String.valueOf(n));
                stop(marina);
            }
            assertThat(copies("copies")).hasSize(2).allSatisfy(file -> {
                assertThat(file.getFileName().toString()).matches("sam#list-\\d{8}T\\d{6}\\.\\d{3}Z\\.db");
                assertThat(Files.getPosixFilePermissions(file))
                        .isEqualTo(Files.getPosixFilePermissions(base.resolve("data/sam/list.db")));
            });
            assertThat(rows(copies("copies").get(0))).isEqualTo(2);
            assertThat(rows(copies("copies").get(1))).isEqualTo(3);
            assertThat(marina.status("/sam/list").lastBackup())
                    .isEqualTo(copies("copies").get(1).toString());

            List<Path> before = copies("copies");
            assertThat(marina.get("/sam/list/do").body()).isEqualTo("3");
            stop(marina);
            assertThat(copies("copies")).as("nothing has changed").isEqualTo(before);

            assertThat(marina.get("/sam/list/do?n=4").body()).isEqualTo("4");
        }
        assertThat(rows(copies("copies").get(1))).as("at the end of the server").isEqualTo(4);
        assertThat(base.resolve("data/sam/list.db-wal")).doesNotExist();
    }

    @Test
    void idleStopsRestartsAndUndeploymentsLeaveCopiesToo() throws Exception {
        String yaml = "contexts: { /sam/list: { war: list.war, idle_timeout: 1s, backup: true } }\n";
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, yaml)) {
            marina.get("/sam/list/do?n=1");
            await().atMost(Duration.ofSeconds(20)).until(() -> copies().size() == 1);

            marina.get("/sam/list/do?n=2");
            marina.server().reloader().restart(new ContextPath("/sam/list")).join();
            await().atMost(Duration.ofSeconds(20)).until(() -> copies().size() == 2);

            marina.get("/sam/list/do?n=3");
            Files.delete(base.resolve("webapps/list.war"));
            marina.reload("contexts: {}\n");
            await().atMost(Duration.ofSeconds(20)).until(() -> copies().size() == 3);
            assertThat(rows(copies().get(2))).isEqualTo(3);
        }
    }

    @Test
    void aCopyOfABusyDatabaseIsOneMomentOfIt() throws Exception {
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, "contexts: { /sam/list: { war: list.war } }\n")) {
            AtomicInteger committed = new AtomicInteger();
            AtomicBoolean enough = new AtomicBoolean();
            CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
                for (int n = 1; !enough.get(); n++) {
                    assertThat(marina.get("/sam/list/do?n=" + n).statusCode()).isEqualTo(200);
                    committed.set(n);
                }
            });
            await().until(() -> committed.get() > 20);
            for (int i = 1; i <= 5; i++) {
                int before = committed.get();
                assertThat(context(marina).backup().join()).startsWith("backup ");
                int after = committed.get();
                Path copy = copies().get(i - 1);
                assertThat(rows(copy)).isBetween(before, after + 1);
                assertThat(count(copy, "select count(*) from b")).isEqualTo(rows(copy));
                await().until(() -> committed.get() > after + 3);
            }
            enough.set(true);
            writer.join();
        }
    }

    @Test
    void aCopyIsPutBackWhatWasThereIsKeptAndItRunsAgain() throws Exception {
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, "contexts: { /sam/list: { war: list.war } }\n")) {
            marina.get("/sam/list/do?n=1");
            context(marina).backup().join();
            marina.get("/sam/list/do?n=2");
            Path database = base.resolve("data/sam/list.db");
            Files.setPosixFilePermissions(database, PosixFilePermissions.fromString("rw-rw----"));

            String outcome = context(marina).restore("").join();

            assertThat(outcome)
                    .contains("restored from " + copies().get(0))
                    .contains("what was there is in " + copies().get(1))
                    .contains("started again");
            assertThat(marina.status("/sam/list").state()).isEqualTo("ready");
            assertThat(marina.get("/sam/list/do").body()).isEqualTo("1");
            assertThat(rows(copies().get(1))).isEqualTo(2);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(database)))
                    .isEqualTo("rw-rw----");

            stop(marina);
            String again = context(marina)
                    .restore(copies().get(1).getFileName().toString())
                    .join();
            assertThat(again).doesNotContain("started");
            assertThat(marina.status("/sam/list").state()).isEqualTo("stopped");
            assertThat(marina.get("/sam/list/do").body()).isEqualTo("2");
        }
    }

    @Test
    void theNewestCopyIsTheOneFromBeforeTheRestore() throws Exception {
        try (MarinaUnderTest marina =
                MarinaUnderTest.start(base, "contexts: { /sam/list: { war: list.war, backup: { keep: 1 } } }\n")) {
            marina.get("/sam/list/do?n=1");
            context(marina).backup().join();
            Path before = onlyCopy();
            marina.get("/sam/list/do?n=2");

            assertThat(context(marina).restore("").join()).contains("restored from " + before);

            assertThat(marina.get("/sam/list/do").body()).isEqualTo("1");
            assertThat(copies("data/backups")).as("with what was there").hasSize(2);
        }
        assertThat(rows(onlyCopy())).as("the stop at the end").isEqualTo(1);
    }

    private Path onlyCopy() throws IOException {
        assertThat(copies()).hasSize(1);
        return copies().get(0);
    }

    @Test
    void requestsDuringARestoreWaitForIt() throws Exception {
        try (MarinaUnderTest marina =
                MarinaUnderTest.start(base, "contexts: { /sam/list: { war: list.war, page_after: 60s } }\n")) {
            marina.get("/sam/list/do?n=1");
            context(marina).backup().join();
            for (int n = 2; n < 6; n++) {
                marina.get("/sam/list/do?n=" + n);
                AtomicBoolean over = new AtomicBoolean();
                CompletableFuture<Void> reader = CompletableFuture.runAsync(() -> {
                    while (!over.get()) {
                        assertThat(marina.get("/sam/list/do").statusCode()).isEqualTo(200);
                    }
                });
                context(marina).restore(copies().get(0).toString()).join();
                assertThat(marina.get("/sam/list/do").body()).isEqualTo("1");
                over.set(true);
                reader.join();
            }
        }
    }

    @Test
    void aDamagedCopyIsRefusedAndADamagedDatabaseIsKept() throws Exception {
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, "contexts: { /sam/list: { war: list.war } }\n")) {
            marina.get("/sam/list/do?n=1");
            context(marina).backup().join();
            Path good = copies().get(0);
            byte[] bytes = Files.readAllBytes(good);
            java.util.Arrays.fill(bytes, 4096, bytes.length - 100, (byte) 7);
            Path damaged = Files.write(base.resolve("damaged.db"), bytes);

            for (String file :
                    List.of(damaged.toString(), base.resolve("webapps/list.war").toString(), "none.db")) {
                assertThatThrownBy(() -> context(marina).restore(file).join())
                        .as(file)
                        .hasMessageMatching(
                                "(?s).*(is damaged \\(.*take another one|there is no backup none.db; .* are: sam#list-).*");
                assertThat(marina.get("/sam/list/do").body()).isEqualTo("1");
            }

            stop(marina);
            Files.write(base.resolve("data/sam/list.db"), bytes);
            assertThatThrownBy(() -> context(marina).backup().join())
                    .hasMessageContaining("could not be copied")
                    .hasMessageContaining("integrity_check");
            assertThat(marina.status("/sam/list").backupFailure()).contains("could not be copied");

            assertThat(context(marina).restore("").join()).contains(".damaged");
            assertThat(copies()).last().satisfies(kept -> assertThat(kept).hasBinaryContent(bytes));
            assertThat(marina.get("/sam/list/do").body()).isEqualTo("1");
        }
    }

    @Test
    void aStopGoesOnWithoutACopyAndSaysSo() throws Exception {
        Files.writeString(base.resolve("copies"), "a file, no folder");
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                base, "contexts: { /sam/list: { war: list.war, backup: { directory: copies } } }\n")) {
            marina.get("/sam/list/do?n=1");
            stop(marina);
            assertThat(marina.status("/sam/list").state()).isEqualTo("stopped");
            ObjectName name = new ObjectName("marina:type=Context,path=\"/sam/list\"");
            assertThat(marina.mbeans().getAttribute(name, "BackupFailure"))
                    .asString()
                    .contains("list.db could not be copied")
                    .contains("look at the space and the permissions");

            Files.delete(base.resolve("copies"));
            assertThat(marina.mbeans().invoke(name, "backup", new Object[0], new String[0]))
                    .asString()
                    .startsWith("backup " + base.resolve("copies"));
            assertThat(marina.mbeans().getAttribute(name, "BackupFailure")).isEqualTo("");
        }
    }

    @Test
    void theDatabaseOfACommandIsFoundWhereItRuns() throws Exception {
        Files.createDirectories(base.resolve("shop/db"));
        Path database = base.resolve("shop/db/one.sqlite3");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement()) {
            statement.execute("create table a(n)");
        }
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                base,
                """
                contexts:
                  /shop:
                    command: ["${JAVA}", -cp, "${CLASSES}", marina.testing.TestApp, echo, "${port}"]
                    directory: shop
                    env: { DATABASE_URL: "sqlite3:db/one.sqlite3" }
                    backup: { directory: copies }
                    page_after: 60s
                    stop_timeout: 20s
                  /other: { command: run, env: { DATABASE_URL: "postgres://u:secret@h/d" } }
                  /plain: { command: run }
                """)) {
            marina.get("/shop/");
            marina.server()
                    .host()
                    .context(new ContextPath("/shop"))
                    .orElseThrow()
                    .stop(Duration.ofSeconds(5))
                    .join();
            assertThat(copies("copies")).hasSize(1);
            assertThat(rows(copies("copies").get(0))).isZero();

            MountedContext other =
                    marina.server().host().context(new ContextPath("/other")).orElseThrow();
            assertThatThrownBy(() -> other.backup().join())
                    .hasMessageContaining("postgresql://u:***@h/d, and Marina copies only SQLite files")
                    .hasMessageContaining("pg_dump");
            MountedContext plain =
                    marina.server().host().context(new ContextPath("/plain")).orElseThrow();
            assertThatThrownBy(() -> plain.restore("").join()).hasMessageContaining("has no DATABASE_URL");
        }
    }
}
