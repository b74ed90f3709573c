package marina.webapp;

import static marina.webapp.TestWar.servlet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import marina.config.ContextPath;
import marina.config.EeLevel;
import marina.context.ContextStatus;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A whole Marina: WARs stop when idle, and visitors notice nothing of it; WARs that nobody asks for cost nothing. */
class SessionsOfIdleWarsTest {
    private static final String VISITS =
            """
            HttpSession s = q.getSession();
            String user = q.getParameter("user");
            if (user != null) s.setAttribute("user", user);
            a.getWriter().print(s.getAttribute("user") + " " + q.isSecure() + " " + a.encodeURL("/next"));
            """;

    private static final String OWN_SESSION_CONFIG =
            """
            <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
              <session-config>
                <session-timeout>7</session-timeout>
                <cookie-config><name>OWN</name><http-only>false</http-only></cookie-config>
                <tracking-mode>COOKIE</tracking-mode><tracking-mode>URL</tracking-mode>
              </session-config>
            </web-app>
            """;

    @TempDir
    Path base;

    private void pack(String name) throws IOException {
        Files.createDirectories(base.resolve("webapps"));
        Path war = new TestWar(EeLevel.EE10, base.resolve("scratch"))
                .type("app.Do", servlet(VISITS))
                .pack("visits.war");
        Files.copy(war, base.resolve("webapps").resolve(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "process"})
    void aLoginSurvivesAnIdleStopAndARestartOfMarina(String isolation) throws Exception {
        pack("visits.war");
        String yaml = "contexts: { /v: { war: visits.war, isolation: %s, idle_timeout: 1s, page_after: 30s } }"
                .formatted(isolation);
        String cookie;
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, yaml)) {
            HttpResponse<String> first = marina.get("/v/do?user=sam");
            assertThat(first.body()).startsWith("sam ");
            cookie = cookie(first);
            marina.awaitState("/v", "stopped");
            assertThat(marina.get("/v/do", "Cookie", cookie).body())
                    .as("after an idle stop")
                    .startsWith("sam ");
            marina.server().reloader().restart(new ContextPath("/v")).join();
            assertThat(marina.get("/v/do", "Cookie", cookie).body())
                    .as("after a restart of the context")
                    .startsWith("sam ");
        }
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, yaml)) {
            assertThat(marina.get("/v/do", "Cookie", cookie).body())
                    .as("after a restart of Marina")
                    .startsWith("sam ");
        }
    }

    private static String cookie(HttpResponse<String> response) {
        String setCookie = response.headers().firstValue("Set-Cookie").orElseThrow();
        return setCookie.substring(0, setCookie.indexOf(';'));
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "process"})
    void cookiesAreForThisContextAndForSecureConnectionsOnly(String isolation) throws Exception {
        pack("visits.war");
        String yaml =
                """
                trusted_proxies: [loopback]
                contexts: { /v: { war: visits.war, isolation: %s, page_after: 30s } }
                """
                        .formatted(isolation);
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, yaml)) {
            HttpResponse<String> plain = marina.get("/v/do?user=sam");
            assertThat(plain.body()).as("no id in URLs").isEqualTo("sam false /next");
            assertThat(plain.headers().firstValue("Set-Cookie").orElse(""))
                    .matches("JSESSIONID_[0-9a-f]{8}=[0-9A-F]{32}; .*")
                    .contains("Path=/v", "HttpOnly", "SameSite=Lax")
                    .doesNotContain("Secure");
            HttpResponse<String> secure = marina.get("/v/do?user=sam", "X-Forwarded-Proto", "https");
            assertThat(secure.body()).startsWith("sam true ");
            assertThat(secure.headers().firstValue("Set-Cookie").orElse("")).contains("Secure");
            String madeUp = cookie(plain).replaceFirst("=.*", "=" + "A".repeat(32));
            assertThat(marina.get("/v/do", "Cookie", madeUp).headers().firstValue("Set-Cookie"))
                    .as("an id that the browser made up is not taken")
                    .hasValueSatisfying(given -> assertThat(given).doesNotContain("AAAAAAAA"));
        }
    }

    @Test
    void theWarsOwnSessionConfigWins() throws Exception {
        Files.createDirectories(base.resolve("webapps"));
        Path war = new TestWar(EeLevel.EE10, base.resolve("scratch"))
                .type("app.Do", servlet(VISITS + "a.getWriter().print(\" \" + s.getMaxInactiveInterval());"))
                .file("WEB-INF/web.xml", OWN_SESSION_CONFIG)
                .pack("own.war");
        Files.copy(war, base.resolve("webapps/own.war"));
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, "")) {
            HttpResponse<String> answer = marina.get("/own/do?user=sam");
            assertThat(answer.body()).contains(";jsessionid=").endsWith(" 420");
            assertThat(answer.headers().firstValue("Set-Cookie").orElse(""))
                    .startsWith("OWN=")
                    .contains("SameSite=Lax")
                    .doesNotContain("HttpOnly");
        }
    }

    @Test
    void unusedContextsHaveNoClassesNoFilesAndNoThreads() throws Exception {
        pack("visits.war");
        StringBuilder yaml = new StringBuilder("contexts:\n");
        for (int i = 0; i < 1000; i++) {
            yaml.append("  /c").append(i).append(": { war: visits.war, page_after: 30s }\n");
        }
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, yaml.toString())) {
            int threads = Thread.activeCount();
            assertThat(base.resolve("work/wars")).doesNotExist();
            for (int i = 0; i < 5; i++) {
                assertThat(marina.get("/c" + i * 200 + "/do?user=u" + i).body()).startsWith("u" + i + " ");
            }
            assertThat(marina.server().host().contexts().stream()
                            .map(context -> context.status())
                            .map(ContextStatus::state)
                            .filter(state -> !state.equals("stopped")))
                    .hasSize(5);
            assertThat(below(base.resolve("work/wars"))).as("unpacked once").isEqualTo(1);
            assertThat(below(base.resolve("data/sessions"))).isEqualTo(5);
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(Thread.activeCount()).isLessThan(threads + 50));
        }
    }

    private static long below(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
    }
}
