package marina.webapp;

import static marina.webapp.TestWar.servlet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import marina.config.EeLevel;
import marina.testing.Sources;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Contexts of one archive with {@code shared_classes}: the classes are the same, and nothing else is. */
class SharedClassesTest {
    private static final String TELL =
            """
            Context env = (Context) new InitialContext().lookup("java:comp/env");
            ClassLoader loader = Thread.currentThread().getContextClassLoader();
            StringBuilder hidden = new StringBuilder();
            for (String name : new String[] {"marina.Main", "org.slf4j.Logger", "com.zaxxer.hikari.HikariDataSource"})
                try { Class.forName(name, false, loader); hidden.append(name); } catch (ClassNotFoundException e) { }
            HttpSession s = q.getSession();
            a.getWriter().print(count++ + " " + env.lookup("GREETING") + " " + env.lookup("DATABASE_URL") + " "
                + getServletContext().getInitParameter("GREETING") + " "
                + Collections.list(loader.getResources("once.txt")).size() + " " + hidden + "|");
            """;

    private static final String CLASS_OF_ITS_OWN = "package app; public class Part { public static int parts = 7; }";

    private static final String TIMER =
            """
            if (q.getParameter("timer") != null) new Timer(getServletContext().getContextPath()).schedule(new Tick(), 0, 50);
            a.getWriter().print(Tick.ticks);
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
    void stop() {
        host.close();
    }

    private Path archive(EeLevel level) throws Exception {
        return new TestWar(level, base)
                .type(
                        "app.Do",
                        servlet(TELL).replace("extends HttpServlet {", "extends HttpServlet { static int count;"))
                .type("app.Part", CLASS_OF_ITS_OWN)
                .file("WEB-INF/classes/once.txt", "once")
                .file("WEB-INF/web.xml", ThreeWaysToSettingsTest.webXml(level))
                .file("page.jsp", "<%@ page contentType=\"text/plain\" %><%= app.Part.parts++ %> ${1 + 1}")
                .pack("shared" + level + ".war");
    }

    private HostedWar shared(String path, Path archive) throws Exception {
        return host.start(
                host.settings(path, archive, Map.of("GREETING", "at " + path)).withSharedClasses());
    }

    private static String told(int count, String path) {
        return count + " at " + path + " sqlite:data" + path + ".db at " + path + " 1 |";
    }

    @ParameterizedTest
    @EnumSource(names = {"EE8", "EE9", "EE10", "EE11"})
    void staticFieldsAreTheSameAndSettingsAreNot(EeLevel level) throws Exception {
        Path archive = archive(level);
        shared("/a", archive);
        HostedWar second = shared("/b", archive);
        host.start(host.settings("/own", archive, Map.of("GREETING", "at /own")));

        assertThat(host.get("/a/do")).isEqualTo(told(0, "/a"));
        assertThat(host.get("/b/do")).isEqualTo(told(1, "/b"));
        assertThat(host.get("/own/do")).isEqualTo(told(0, "/own"));
        assertThat(host.get("/a/page.jsp")).isEqualTo("7 2");
        assertThat(host.get("/b/page.jsp")).isEqualTo("8 2");
        assertThat(host.get("/own/page.jsp")).isEqualTo("7 2");

        host.stop(second);
        assertThat(host.get("/a/do")).isEqualTo(told(2, "/a"));
        shared("/b", archive);
        assertThat(host.get("/b/do")).isEqualTo(told(3, "/b"));
    }

    @Test
    void theLoaderGoesWithItsLastContextHoweverOftenTheyAreRedeployed() throws Exception {
        Path archive = archive(EeLevel.EE10);
        for (int i = 0; i < 5; i++) {
            HostedWar first = shared("/a", archive);
            HostedWar second = shared("/b", archive);
            assertThat(host.get("/a/do")).isEqualTo(told(0, "/a"));
            assertThat(host.get("/b/do")).isEqualTo(told(1, "/b"));
            host.stop(first);
            host.stop(second);
        }
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(host.leaks.find()).isEmpty());
    }

    @Test
    void theStopOfOneLeavesAloneWhatItsNeighbourHas() throws Exception {
        String tick = "package app; public class Tick extends java.util.TimerTask { public static volatile int ticks;"
                + " public void run() { ticks++; } }";
        TestWar war = new TestWar(EeLevel.EE10, base).type("app.Tick", tick);
        Path classes = Files.createDirectories(base.resolve("tick"));
        war.type("app.Do", servlet(TIMER), compiled(tick, classes))
                .file("WEB-INF/web.xml", "<web-app version=\"6.0\"/>");
        Path archive = war.pack("ticking.war");
        Deque<HostedWar> wars = new ArrayDeque<>(); // no variable may hold what is to go
        wars.add(shared("/a", archive));
        wars.add(shared("/b", archive));
        host.get("/b/do?timer=1");
        await().until(() -> Integer.parseInt(host.get("/a/do")) > 0);

        host.stop(wars.remove());
        int then = Integer.parseInt(host.get("/b/do"));
        await().until(() -> Integer.parseInt(host.get("/b/do")) > then + 2);

        host.stop(wars.remove());
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(host.leaks.find()).isEmpty());
    }

    private static String compiled(String source, Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("Tick.java"), source);
        Sources.compile(file, folder, List.of());
        return folder.toString();
    }
}
