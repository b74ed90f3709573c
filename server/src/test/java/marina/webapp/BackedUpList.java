package marina.webapp;

import static marina.webapp.TestWar.servlet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import marina.config.ContextPath;
import marina.config.EeLevel;
import marina.context.MountedContext;
import marina.testing.MarinaUnderTest;

/** A WAR that fills the database of /sam/list, and the copies of that. */
final class BackedUpList {
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

    private final Path base;

    private BackedUpList(Path base) {
        this.base = base;
    }

    /** In an instance folder: {@code list.war} for the context /sam/list. */
    static BackedUpList in(Path base) throws IOException {
        Files.createDirectories(base.resolve("webapps"));
        new TestWar(EeLevel.EE10, base).type("app.Do", servlet(BODY)).pack("webapps/list.war");
        return new BackedUpList(base);
    }

    static MountedContext context(MarinaUnderTest marina) {
        return marina.server().host().context(new ContextPath("/sam/list")).orElseThrow();
    }

    static void stop(MarinaUnderTest marina) {
        context(marina).stop(Duration.ofSeconds(5)).join();
    }

    List<Path> copies() throws IOException {
        return copies("data/backups");
    }

    List<Path> copies(String folder) throws IOException {
        if (!Files.isDirectory(base.resolve(folder))) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(base.resolve(folder))) {
            return files.sorted().toList();
        }
    }

    static int count(Path database, String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            return result.getInt(1);
        }
    }

    static int rows(Path database) throws SQLException {
        return count(database, "select count(*) from a");
    }
}
