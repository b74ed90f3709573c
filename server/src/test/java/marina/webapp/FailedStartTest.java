package marina.webapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import marina.config.DatabaseConfig;
import marina.config.EeLevel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FailedStartTest {
    private static final String FAILING =
            """
            package app;
            import $API.servlet.*; import $API.servlet.annotation.WebServlet; import $API.servlet.http.*;
            @WebServlet(urlPatterns = "/x", loadOnStartup = 1)
            public class Failing extends HttpServlet {
                public void init() throws ServletException {
                    throw new ServletException("cannot begin", new IllegalStateException("no licence"));
                }
            }
            """;

    private static final String LISTENER =
            """
            package app;
            import $API.servlet.*; import $API.servlet.annotation.WebListener;
            @WebListener
            public class Listening implements ServletContextListener {
                public void contextInitialized(ServletContextEvent event) { throw new IllegalArgumentException("bad day"); }
                public void contextDestroyed(ServletContextEvent event) { }
            }
            """;

    @TempDir
    Path base;

    @SuppressWarnings("NullAway.Init")
    private HostUnderTest host;

    @BeforeEach
    void start() throws Exception {
        host = new HostUnderTest(base);
    }

    @AfterEach
    void stop() throws Exception {
        host.close();
        Path temp = base.resolve("work/temp");
        if (Files.exists(temp)) {
            assertThat(HostUnderTest.below(temp, 2)).as("everything released").isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EE8", "EE10"})
    void namesTheServletThatThrewAtStart(EeLevel level) throws Exception {
        Path archive = new TestWar(level, base).type("app.Failing", FAILING).pack("failing.war");
        assertThatThrownBy(() -> host.start(host.settings("/f", archive)))
                .isInstanceOf(WarFailedException.class)
                .hasMessageContaining("failing.war failed to start: app.Failing: ")
                .hasMessageContaining("no licence");
    }

    @ParameterizedTest
    @EnumSource(names = {"EE9", "EE11"})
    void namesTheListenerThatThrewAtStart(EeLevel level) throws Exception {
        Path archive = new TestWar(level, base)
                .type("app.Listening", LISTENER)
                .file("WEB-INF/web.xml", ThreeWaysToSettingsTest.webXml(level))
                .pack("l.war");
        assertThatThrownBy(() -> host.start(host.settings("/f", archive)))
                .hasMessageContaining(
                        "l.war failed to start: app.Listening: java.lang.IllegalArgumentException: bad day");
    }

    @Test
    void namesAMissingClass() throws Exception {
        Path archive = new TestWar(EeLevel.EE10, base)
                .file(
                        "WEB-INF/web.xml",
                        "<web-app version=\"6.0\"><listener><listener-class>app.Nowhere</listener-class></listener></web-app>")
                .pack("m.war");
        assertThatThrownBy(() -> host.start(host.settings("/m", archive)))
                .hasMessageContaining("m.war failed to start: the class app.Nowhere is missing");
    }

    @Test
    void refusesWhatIsNoArchive() throws Exception {
        Path archive = Files.writeString(base.resolve("text.war"), "this is text");
        assertThatThrownBy(() -> host.start(host.settings("/t", archive)))
                .isInstanceOf(WarFailedException.class)
                .hasMessageContaining("text.war is not a readable archive: ");
        assertThatThrownBy(() -> host.start(host.settings("/t", base.resolve("none.war"))))
                .hasMessageContaining("none.war does not exist");
    }

    @Test
    void refusesEntriesThatReachOutside() throws Exception {
        Path archive = base.resolve("slip.war");
        try (OutputStream file = Files.newOutputStream(archive);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            zip.putNextEntry(new ZipEntry("../../../evil.txt"));
            zip.write(1);
        }
        assertThatThrownBy(() -> host.start(host.settings("/s", archive)))
                .hasMessageContaining("is not a readable archive: the entry \"../../../evil.txt\"");
        assertThat(base.resolve("evil.txt")).doesNotExist();
        assertThat(base.resolve("work/evil.txt")).doesNotExist();
    }

    @Test
    void refusesADatabaseUrlOfNoKnownForm() throws Exception {
        Path archive = new TestWar(EeLevel.EE10, base).file("index.html", "x").pack("d.war");
        WarSettings settings = new WarSettings(
                "/d",
                archive,
                EeLevel.AUTO,
                Map.of(),
                new DatabaseConfig("redis://x:secret@h", 1, "jdbc/default"),
                base);
        assertThatThrownBy(() -> host.start(settings))
                .hasMessageContaining("d.war cannot be started: DATABASE_URL has the scheme \"redis\"")
                .hasMessageNotContaining("secret");
    }
}
