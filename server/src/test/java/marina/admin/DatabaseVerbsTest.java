package marina.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import marina.config.Directories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code marina.sh backup} and {@code marina.sh restore} while no Marina runs. */
class DatabaseVerbsTest {
    @TempDir
    private Path base;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void configure() throws IOException, SQLException {
        Files.createDirectories(base.resolve("conf"));
        Files.createDirectories(base.resolve("data/sam"));
        Files.writeString(
                base.resolve("conf/server.yml"),
                """
                contexts:
                  /sam/list: { command: run, env: { DATABASE_URL: "sqlite:data/sam/list.db" }, backup: { keep: 2 } }
                  /books: { command: run, env: { DATABASE_URL: "postgres://u:secret@h/d" } }
                  /docs: { upstream: "http://127.0.0.1:1" }
                """);
        update("create table t(n)");
    }

    private void update(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + base.resolve("data/sam/list.db"));
                Statement statement = connection.createStatement()) {
            statement.execute("pragma journal_mode=wal");
            statement.execute(sql);
        }
    }

    private int rows() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + base.resolve("data/sam/list.db"));
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("select count(*) from t")) {
            return result.getInt(1);
        }
    }

    private List<String> copies() throws IOException {
        try (Stream<Path> files = Files.list(base.resolve("data/backups"))) {
            return files.map(file -> file.getFileName().toString())
                    .sorted(Comparator.naturalOrder())
                    .toList();
        }
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return new CommandLine(new Directories(base, base), Map.of())
                .picocli()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    @Test
    void copiesAndPutsBack() throws Exception {
        assertThat(run("backup", "/sam/list")).isZero();
        String first = copies().get(0);
        assertThat(out.toString())
                .isEqualTo("/sam/list: backup " + base.resolve("data/backups").resolve(first) + "\n");
        update("insert into t values(1)");
        assertThat(run("backup", "/sam/list/")).isZero();
        assertThat(run("backup", "/sam/list")).isZero();
        assertThat(out.toString())
                .contains("nothing has changed since the backup")
                .contains(copies().get(1));

        update("insert into t values(2)");
        assertThat(run("restore", "/sam/list")).as(err.toString()).isZero();
        assertThat(rows()).isEqualTo(1);
        assertThat(copies()).as("two are kept").hasSize(2);

        String newest = copies().get(1);
        assertThat(out.toString())
                .contains("restored from ")
                .contains("what was there is in ")
                .contains(newest);
        assertThat(run("restore", "/sam/list", newest)).isZero();
        assertThat(rows()).isEqualTo(2);
        assertThat(base.resolve("run/restore.pid")).doesNotExist();
        try (Stream<Path> files = Files.list(base.resolve("data/sam"))) {
            assertThat(files).containsExactly(base.resolve("data/sam/list.db"));
        }
    }

    @Test
    void saysWhyItCannot() throws Exception {
        assertThat(run("restore", "/sam/list")).isEqualTo(1);
        assertThat(err.toString()).contains("there is no backup of " + base.resolve("data/sam/list.db"));
        Files.writeString(base.resolve("note"), "text");
        assertThat(run("restore", "/sam/list", base.resolve("note").toString())).isEqualTo(1);
        assertThat(err.toString()).contains("note is damaged").contains("is as it was");
        assertThat(rows()).isZero();

        assertThat(run("backup", "/books")).isEqualTo(1);
        assertThat(err.toString()).contains("pg_dump").doesNotContain("secret");
        assertThat(run("backup", "/docs")).isEqualTo(1);
        assertThat(err.toString()).contains("/docs has no DATABASE_URL");
        assertThat(run("backup", "/none")).isEqualTo(1);
        assertThat(err.toString()).contains("there is no context /none");
        assertThat(run("backup")).isEqualTo(2);
        assertThat(run("restore", "/sam/list", "a", "b")).isEqualTo(2);
    }

    @Test
    void leavesItToAMarinaThatRuns() throws Exception {
        Path run = base.resolve("run");
        try (InstanceLock lock =
                InstanceLock.take(run, run.resolve("marina.pid")).orElseThrow()) {
            assertThat(lock).isNotNull();
            assertThat(run("backup", "/sam/list")).isEqualTo(1);
            assertThat(err.toString()).contains("does not answer");
            assertThat(run("restore", "/sam/list")).isEqualTo(1);
            assertThat(base.resolve("data/backups")).doesNotExist();
        }
    }
}
