package marina.webapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.management.ObjectName;
import marina.config.DatabaseConfig;
import marina.config.EeLevel;
import marina.config.SessionPlace;
import marina.database.DatabaseUrl;
import marina.testing.DatabaseServer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** WARs with real servers of other databases, whose drivers the operator has put into lib/. */
class DatabaseServersTest {
    private static final String PASSWORD = "p@ss/w:rd#%+é? &'";
    private static final String BODY =
            """
            DataSource source = (DataSource) new InitialContext().lookup("java:comp/env/jdbc/default");
            try (Connection c = source.getConnection(); Statement s = c.createStatement()) {
                s.execute("create table if not exists t(n integer primary key)");
                s.execute("insert into t values(" + q.getParameter("n") + ")");
                ResultSet r = s.executeQuery("select count(*) from t");
                r.next();
                a.getWriter().print(c.getMetaData().getDatabaseProductName() + " " + r.getInt(1));
            }
            """;

    private static final String VISITS =
            """
            HttpSession session = q.getSession();
            Integer visits = (Integer) session.getAttribute("visits");
            session.setAttribute("visits", visits == null ? 1 : visits + 1);
            a.getWriter().print(session.getAttribute("visits"));
            """;

    @TempDir
    Path base;

    private static DatabaseServer installed(Optional<DatabaseServer> server) {
        Assumptions.assumeTrue(server.isPresent(), "the database server is not installed");
        return server.orElseThrow();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private void useByAWar(String url, String product) throws Exception {
        Path archive = new TestWar(EeLevel.EE10, base)
                .type("app.Do", TestWar.servlet(BODY))
                .pack("d.war");
        try (HostUnderTest host = new HostUnderTest(base)) {
            host.start(new WarSettings(
                    "/d", archive, EeLevel.AUTO, Map.of(), new DatabaseConfig(url, 2, "jdbc/default"), base));
            for (int n = 1; n <= 5; n++) {
                assertThat(host.get("/d/do?n=" + n)).isEqualTo(product + " " + n);
            }
            ObjectName pool = new ObjectName("marina:type=Pool,context=\"/d\"");
            assertThat(host.mbeans.getAttribute(pool, "Url"))
                    .asString()
                    .contains("marina:***@127.0.0.1")
                    .doesNotContain("ss%2Fw");
            assertThat(host.mbeans.getAttribute(pool, "Idle")).isEqualTo(1);
        }
    }

    /** They are in the WAR's own database with {@code sessions: database}, and outlive it there. */
    private void keepSessions(String url, String product) throws Exception {
        Path archive = new TestWar(EeLevel.EE10, base)
                .type("app.Do", TestWar.servlet(VISITS))
                .pack("s.war");
        try (HostUnderTest host = new HostUnderTest(base)) {
            WarSettings settings = new WarSettings(
                    "/s",
                    archive,
                    EeLevel.AUTO,
                    Map.of(),
                    new DatabaseConfig(url, 2, "jdbc/default"),
                    SessionPlace.DATABASE,
                    base);
            HostedWar first = host.start(settings);
            HttpResponse<String> visit = host.response("/s/do");
            String cookie =
                    visit.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
            assertThat(visit.body()).isEqualTo("1");
            assertThat(visit(host, cookie)).isEqualTo("2");
            host.stop(first);
            host.start(settings);
            assertThat(visit(host, cookie)).as(product).isEqualTo("3");
            assertThat(host.get("/s/do")).as("somebody else").isEqualTo("1");
        }
    }

    private static String visit(HostUnderTest host, String cookie) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(host.uri("http", "/s/do"))
                .header("Cookie", cookie)
                .build();
        return host.client().send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private void connect(String url) throws Exception {
        try (Connection connection = new LibraryDataSource(DatabaseUrl.parse(url, base)).getConnection()) {
            assertThat(connection.isValid(5)).as(url).isTrue();
        }
    }

    @Test
    void postgres() throws Exception {
        try (DatabaseServer server = installed(DatabaseServer.postgres(base, PASSWORD))) {
            String user = "marina:" + encoded(PASSWORD) + "@";
            String v4 = "127.0.0.1:" + server.port() + "/shop";
            useByAWar("postgres://" + user + v4, "PostgreSQL");
            keepSessions("postgres://" + user + v4, "PostgreSQL");
            for (String url : List.of(
                    "postgresql://" + user + v4 + "?sslmode=disable&application_name=list",
                    "postgres://" + user + "[::1]:" + server.port() + "/shop",
                    "postgres://" + user + "127.0.0.1:1," + v4,
                    "jdbc:postgresql://" + v4 + "?user=marina&password=" + encoded(PASSWORD))) {
                connect(url);
            }
            assertThatThrownBy(() -> connect("postgres://" + user + v4 + "?sslmode=require"))
                    .hasMessageContaining("SSL");
            assertThatThrownBy(() -> connect("postgres://marina:wrongsecret@" + v4))
                    .hasMessageContaining("authentication")
                    .hasMessageNotContaining("wrongsecret");
        }
    }

    @Test
    void mariaDb() throws Exception {
        try (DatabaseServer server = installed(DatabaseServer.mariaDb(base, PASSWORD))) {
            String user = "marina:" + encoded(PASSWORD) + "@";
            String address = "127.0.0.1:" + server.port() + "/shop";
            useByAWar("mysql://" + user + address, "MariaDB");
            keepSessions("mysql://" + user + address, "MariaDB");
            for (String url : List.of(
                    "mariadb://" + user + address + "?connectTimeout=5000",
                    "mysql://" + user + "/shop?socket=" + server.socket())) {
                connect(url);
            }
            assertThatThrownBy(() -> connect("mysql://marina:wrongsecret@" + address))
                    .hasMessageContaining("Access denied")
                    .hasMessageNotContaining("wrongsecret");
        }
    }
}
