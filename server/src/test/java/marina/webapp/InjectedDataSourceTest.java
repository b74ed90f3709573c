package marina.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import javax.management.ObjectName;
import marina.config.EeLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The ways in which a WAR may ask for its database; and the pool in JMX. */
class InjectedDataSourceTest {
    private static final String SERVLET =
            """
            package app;
            import java.io.*; import java.sql.*; import javax.naming.*; import javax.sql.DataSource;
            import $API.annotation.*; import $API.servlet.annotation.WebServlet; import $API.servlet.http.*;
            @WebServlet("/do")
            @Resource(name = "jdbc/ofClass", type = DataSource.class)
            @Resources({ @Resource(name = "jdbc/first", type = DataSource.class), @Resource(name = "jdbc/second", type = DataSource.class) })
            public class Do extends HttpServlet {
                @Resource(name = "jdbc/named") private DataSource named;
                @Resource private DataSource plain;
                @Resource(lookup = "java:comp/env/jdbc/default") private DataSource lookup;
                @Resource(mappedName = "jdbc/mapped") private DataSource mapped;
                @Resource(name = "greeting") private String greeting;
                private DataSource set;
                @Resource public void setOther(DataSource other) { set = other; }

                @Override
                protected void doGet(HttpServletRequest q, HttpServletResponse a) throws IOException {
                    try {
                        String[] names = {"jdbc/default", "jdbc/ref", "jdbc/ofClass", "jdbc/first", "jdbc/second", "jdbc/named",
                            "app.Do/plain", "app.Do/other"};
                        DataSource first = named;
                        for (String name : names) {
                            check(a, name, first, (DataSource) new InitialContext().lookup("java:comp/env/" + name));
                        }
                        check(a, "plain", first, plain);
                        check(a, "lookup", first, lookup);
                        check(a, "mapped", first, mapped);
                        check(a, "set", first, set);
                        try (Connection c = named.getConnection()) {
                            a.getWriter().print(greeting + " " + c.getMetaData().getDatabaseProductName());
                        }
                    } catch (NamingException | SQLException e) { a.getWriter().print(e); }
                }
                private static void check(HttpServletResponse a, String what, DataSource expected, DataSource found) throws IOException {
                    if (found != expected) { a.getWriter().print(what + " is " + found + "; "); }
                }
            }
            """;

    @TempDir
    Path base;

    @ParameterizedTest
    @EnumSource(
            value = EeLevel.class,
            names = {"EE8", "EE9", "EE10", "EE11"})
    void annotationsAndReferencesGetThePool(EeLevel level) throws Exception {
        String version =
                Map.of("EE8", "4.0", "EE9", "5.0", "EE10", "6.0", "EE11", "6.1").get(level.name());
        Path archive = new TestWar(level, base)
                .type("app.Do", SERVLET)
                .file(
                        "WEB-INF/web.xml",
                        "<web-app version=\"" + version + "\"><resource-ref><res-ref-name>jdbc/ref</res-ref-name>"
                                + "<res-type>javax.sql.DataSource</res-type></resource-ref></web-app>")
                .pack("i.war");
        try (HostUnderTest host = new HostUnderTest(base)) {
            HostedWar war = host.start(host.settings("/i", archive, Map.of("greeting", "Hello")));
            assertThat(war.level()).isEqualTo(level);
            assertThat(host.get("/i/do")).isEqualTo("Hello SQLite");
        }
    }

    @Test
    void thePoolIsInJmxWhileTheWarRuns() throws Exception {
        Path archive = new TestWar(EeLevel.EE10, base)
                .type(
                        "app.Do",
                        TestWar.servlet(
                                """
                                DataSource source = (DataSource) new InitialContext().lookup("java:comp/env/jdbc/default");
                                source.getConnection();
                                source.getConnection().close();
                                """))
                .pack("p.war");
        ObjectName name = new ObjectName("marina:type=Pool,context=\"/sam/list1\"");
        try (HostUnderTest host = new HostUnderTest(base)) {
            HostedWar first = host.start(host.settings("/sam/list1", archive));
            assertThat(host.mbeans.getAttribute(name, "Opened")).isEqualTo(false);
            assertThat(host.mbeans.getAttribute(name, "Active")).isEqualTo(0);
            assertThat(host.mbeans.getAttribute(name, "Max")).isEqualTo(4);
            assertThat(host.mbeans.getAttribute(name, "Url")).isEqualTo("sqlite:data/sam/list1.db");
            assertThat(base.resolve("data")).as("opened at first use").doesNotExist();

            host.get("/sam/list1/do");
            assertThat(host.mbeans.getAttribute(name, "Opened")).isEqualTo(true);
            assertThat(host.mbeans.getAttribute(name, "Active")).isEqualTo(1);
            assertThat(host.mbeans.getAttribute(name, "Idle")).isEqualTo(1);
            assertThat(host.mbeans.getAttribute(name, "Waiting")).isEqualTo(0);

            HostedWar second = host.start(host.settings("/sam/list1", archive));
            host.stop(first);
            assertThat(host.mbeans.getAttribute(name, "Opened"))
                    .as("of the newer one")
                    .isEqualTo(false);
            host.stop(second);
            assertThat(host.mbeans.isRegistered(name)).isFalse();
        }
    }
}
