package marina.webapp;

import static marina.webapp.TestWar.servlet;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import marina.config.EeLevel;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How much the fields of a form may hold, in web applications that come from Tomcat. */
@SuppressWarnings("NullAway.Init")
class LargeFormsTest {
    private static final int MEGA = 1024 * 1024;

    @TempDir
    private static Path base;

    private static MarinaUnderTest marina;

    @BeforeAll
    static void start() throws Exception {
        Files.createDirectories(base.resolve("webapps"));
        StringBuilder contexts = new StringBuilder();
        for (String level : List.of("8", "9", "10", "11")) {
            TestWar war = new TestWar(EeLevel.valueOf("EE" + level), base.resolve("scratch"))
                    .file("WEB-INF/web.xml", ThreeWaysToSettingsTest.webXml(EeLevel.valueOf("EE" + level)))
                    .type("app.Do", servlet("a.getWriter().print(q.getParameter(\"text\").length());"));
            Files.copy(war.pack("form" + level + ".war"), base.resolve("webapps/form" + level + ".war"));
            contexts.append("  /usual%s: { war: form%s.war }\n".formatted(level, level));
            contexts.append("  /small%s: { war: form%s.war, max_form: 10K }\n".formatted(level, level));
            contexts.append("  /any%s: { war: form%s.war, max_form: 0 }\n".formatted(level, level));
        }
        contexts.append("  /smallp: { war: form10.war, max_form: 10K, isolation: process, ready: { timeout: 60s } }\n");
        marina = MarinaUnderTest.start(base, "defaults: { page_after: 90s }\ncontexts:\n" + contexts);
    }

    @AfterAll
    static void stop() {
        marina.close();
    }

    private static String send(String path, int length) {
        String body = "text=" + "x".repeat(length);
        return RawClient.exchange(
                marina.uri("/"),
                "POST " + path + "/do HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                        + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " + body.length()
                        + "\r\n\r\n" + body);
    }

    @ParameterizedTest
    @ValueSource(strings = {"8", "9", "10", "11"})
    void twoMegabytesAreTakenAsByTomcatAndNoMore(String level) {
        assertThat(send("/usual" + level, 2 * MEGA - 100))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("\r\n\r\n" + (2 * MEGA - 100));
        refused(send("/usual" + level, 2 * MEGA + 100));
    }

    @ParameterizedTest
    @ValueSource(strings = {"8", "9", "10", "11", "p"})
    void aContextMayTakeLess(String level) {
        assertThat(send("/small" + level, 10_000)).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\n10000");
        refused(send("/small" + level, 11_000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"8", "9", "10", "11"})
    void orAnyNumber(String level) {
        assertThat(send("/any" + level, 5 * MEGA)).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\n" + 5 * MEGA);
    }

    private static void refused(String answer) {
        assertThat(answer).startsWith("HTTP/1.1 400 ").doesNotContain("at org.", "Exception");
    }
}
