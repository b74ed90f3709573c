package marina.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import marina.config.EeLevel;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ThreeWaysToSettingsTest {
    static final String SERVLET =
            """
            package app;
            import java.io.*; import java.sql.*; import javax.naming.*; import javax.sql.DataSource;
            import $API.servlet.annotation.WebServlet; import $API.servlet.http.*;
            @WebServlet("/settings")
            public class Settings extends HttpServlet {
                private static int count;
                protected void doGet(HttpServletRequest q, HttpServletResponse a) throws IOException {
                    try {
                        Context env = (Context) new InitialContext().lookup("java:comp/env");
                        DataSource source = (DataSource) env.lookup("jdbc/default");
                        try (Connection c = source.getConnection(); Statement s = c.createStatement()) {
                            s.execute("create table if not exists visits (path text)");
                            s.execute("insert into visits values ('" + q.getContextPath() + "')");
                            StringBuilder visits = new StringBuilder();
                            ResultSet r = s.executeQuery("select path from visits");
                            while (r.next()) visits.append(r.getString(1));
                            a.getWriter().print("jndi=" + env.lookup("GREETING") + "," + env.lookup("DATABASE_URL")
                                + " init=" + getServletContext().getInitParameter("GREETING") + ","
                                + getServletContext().getInitParameter("DATABASE_URL")
                                + " visits=" + visits + " count=" + ++count);
                        }
                    } catch (Exception e) { throw new IllegalStateException(e); }
                }
            }
            """;

    @TempDir
    Path base;

    @ParameterizedTest
    @EnumSource(names = {"EE8", "EE9", "EE10", "EE11"})
    void areDistinctForEachMountOfOneWar(EeLevel level) throws Exception {
        TestWar war = new TestWar(level, base).type("app.Settings", SERVLET).file("WEB-INF/web.xml", webXml(level));
        Path archive = war.pack("app.war");
        try (HostUnderTest host = new HostUnderTest(base)) {
            for (String path : new String[] {"/", "/sam", "/sam/list1"}) {
                HostedWar hosted =
                        host.start(host.settings(path, archive, Map.of("GREETING", "<Hello " + path + " & all>")));
                assertThat(hosted.level()).isEqualTo(level);
            }
            for (String path : new String[] {"", "/sam", "/sam/list1"}) {
                String greeting = "<Hello " + (path.isEmpty() ? "/" : path) + " & all>";
                String url = "sqlite:data" + (path.isEmpty() ? "/ROOT" : path) + ".db";
                assertThat(host.get(path + "/settings"))
                        .isEqualTo("jndi=" + greeting + "," + url + " init=" + greeting + "," + url + " visits=" + path
                                + " count=1");
            }
        }
        assertThat(HostUnderTest.below(base.resolve("work/wars"), 1)).hasSize(1);
        assertThat(HostUnderTest.below(base.resolve("work/temp"), 2)).isEmpty();
        assertThat(base.resolve("data/sam/list1.db")).exists();
        assertThat(base.resolve("data/sam/list1.db-wal"))
                .as("closed connections leave no journal")
                .doesNotExist();
    }

    static String webXml(EeLevel level) {
        String version =
                switch (level) {
                    case EE8 -> "4.0";
                    case EE9 -> "5.0";
                    case EE11 -> "6.1";
                    default -> "6.0";
                };
        return "<web-app version=\"" + version + "\"><context-param><param-name>GREETING</param-name>"
                + "<param-value>from web.xml</param-value></context-param></web-app>";
    }
}
