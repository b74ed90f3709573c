package marina.webapp;

import static marina.webapp.BackedUpList.context;
import static marina.webapp.BackedUpList.count;
import static marina.webapp.BackedUpList.rows;
import static marina.webapp.BackedUpList.stop;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.management.ObjectName;
import marina.config.ContextPath;
import marina.context.MountedContext;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Copies of SQLite databases: made at stops, and while they are used. */
class BackupTest {
    @TempDir
    Path base;

    @SuppressWarnings("NullAway.Init")
    private BackedUpList list;

    @BeforeEach
    void pack() throws IOException {
        list = BackedUpList.in(base);
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
            assertThat(list.copies("copies")).hasSize(2).allSatisfy(file -> {
                assertThat(file.getFileName().toString()).matches("sam#list-\\d{8}T\\d{6}\\.\\d{3}Z\\.db");
                assertThat(Files.getPosixFilePermissions(file))
                        .isEqualTo(Files.getPosixFilePermissions(base.resolve("data/sam/list.db")));
            });
            assertThat(rows(list.copies("copies").get(0))).isEqualTo(2);
            assertThat(rows(list.copies("copies").get(1))).isEqualTo(3);
            assertThat(marina.status("/sam/list").lastBackup())
                    .isEqualTo(list.copies("copies").get(1).toString());

            List<Path> before = list.copies("copies");
            assertThat(marina.get("/sam/list/do").body()).isEqualTo("3");
            stop(marina);
            assertThat(list.copies("copies")).as("nothing has changed").isEqualTo(before);

            assertThat(marina.get("/sam/list/do?n=4").body()).isEqualTo("4");
        }
        assertThat(rows(list.copies("copies").get(1)))
                .as("at the end of the server")
                .isEqualTo(4);
        assertThat(base.resolve("data/sam/list.db-wal")).doesNotExist();
    }

    @Test
    void idleStopsRestartsAndUndeploymentsLeaveCopiesToo() throws Exception {
        String yaml = "contexts: { /sam/list: { war: list.war, idle_timeout: 1s, backup: true } }\n";
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, yaml)) {
            marina.get("/sam/list/do?n=1");
            await().atMost(Duration.ofSeconds(20)).until(() -> list.copies().size() == 1);

            marina.get("/sam/list/do?n=2");
            marina.server().reloader().restart(new ContextPath("/sam/list")).join();
            await().atMost(Duration.ofSeconds(20)).until(() -> list.copies().size() == 2);

            marina.get("/sam/list/do?n=3");
            Files.delete(base.resolve("webapps/list.war"));
            marina.reload("contexts: {}\n");
            await().atMost(Duration.ofSeconds(20)).until(() -> list.copies().size() == 3);
            assertThat(rows(list.copies().get(2))).isEqualTo(3);
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
                Path copy = list.copies().get(i - 1);
                assertThat(rows(copy)).isBetween(before, after + 1);
                assertThat(count(copy, "select count(*) from b")).isEqualTo(rows(copy));
                await().until(() -> committed.get() > after + 3);
            }
            enough.set(true);
            writer.join();
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
            assertThat(list.copies("copies")).hasSize(1);
            assertThat(rows(list.copies("copies").get(0))).isZero();

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
