package marina.webapp;

import static marina.webapp.VersionedShop.awaitOlder;
import static marina.webapp.VersionedShop.older;
import static marina.webapp.VersionedShop.reload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import javax.management.ObjectName;
import marina.config.ContextPath;
import marina.testing.MarinaUnderTest;
import marina.webapp.VersionedShop.Visitor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Versions of a WAR whose sessions lie elsewhere than in the memory of Marina. */
class WhereVersionsKeepSessionsTest {
    @TempDir
    Path base;

    @SuppressWarnings("NullAway.Init")
    private VersionedShop shop;

    private final Visitor anna = new Visitor();
    private final Visitor ben = new Visitor();

    @BeforeEach
    void start() throws Exception {
        shop = new VersionedShop(base);
    }

    @AfterEach
    void stop() {
        shop.close();
    }

    @ParameterizedTest
    @CsvSource({"process,file", "process,database", "none,database", "none,file"})
    void theyAreFoundThereWhetherTheVersionRunsOrNot(String isolation, String sessions) throws Exception {
        String yaml = "defaults: { page_after: 30s, isolation: %s, sessions: %s, idle_timeout: 20s }"
                .formatted(isolation, sessions);
        shop.put("shop.war", "first");
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, yaml)) {
            assertThat(anna.ask(marina, "?user=anna")).isEqualTo("first anna");
            shop.put("shop##2.war", "second");
            assertThat(reload(marina).succeeded()).isTrue();
            assertThat(anna.ask(marina, "")).isEqualTo("first anna");
            assertThat(ben.ask(marina, "?user=ben")).isEqualTo("second ben");
            marina.server()
                    .host()
                    .context(new ContextPath("/shop##"))
                    .orElseThrow()
                    .stop(Duration.ZERO)
                    .join();
            assertThat(anna.ask(marina, "")).as("starts it again").isEqualTo("first anna");
            assertThat(sessionsOf(marina, "/shop##")).isEqualTo(1);
            assertThat(sessionsOf(marina, "/shop")).isEqualTo(1);
        }
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, yaml)) {
            assertThat(ben.ask(marina, "")).isEqualTo("second ben");
            assertThat(anna.ask(marina, "?end")).isEqualTo("first anna");
            assertThat(anna.ask(marina, "")).as("logged out").isEqualTo("second null");
            awaitOlder(marina);
        }
    }

    private static long sessionsOf(MarinaUnderTest marina, String name) throws Exception {
        ObjectName bean = new ObjectName("marina:type=Context,path=" + ObjectName.quote(name));
        return (Long) marina.mbeans().getAttribute(bean, "Sessions");
    }

    @Test
    void afterACrashBothVersionsHaveTheirSessions() throws Exception {
        shop.put("shop##1.war", "first");
        String yaml = "defaults: { page_after: 30s }";
        Path copy = base.resolve("copy");
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, yaml)) {
            anna.ask(marina, "?user=anna");
            shop.put("shop##2.war", "second");
            reload(marina);
            ben.ask(marina, "?user=ben");
            // What a Marina finds that has been killed at this moment.
            for (String folder : List.of("webapps", "data/sessions")) {
                copy(base.resolve(folder), copy.resolve(folder));
            }
        }
        try (MarinaUnderTest marina = MarinaUnderTest.start(copy, yaml)) {
            assertThat(older(marina)).containsExactly("/shop##1");
            assertThat(anna.ask(marina, "")).isEqualTo("first anna");
            assertThat(ben.ask(marina, "")).isEqualTo("second ben");
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file));
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "process"})
    void idsAreFoundInCookiesOfAnyNameAndInPathsAndMadeUpOnesNowhere(String isolation) throws Exception {
        shop.webXml(
                """
                <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
                  <session-config>
                    <cookie-config><name>OWN</name></cookie-config>
                    <tracking-mode>COOKIE</tracking-mode><tracking-mode>URL</tracking-mode>
                  </session-config>
                </web-app>
                """);
        shop.put("shop##1.war", "first");
        try (MarinaUnderTest marina =
                MarinaUnderTest.start(base, "defaults: { page_after: 30s, isolation: " + isolation + " }")) {
            String cookie = marina.get("/shop/do?user=anna")
                    .headers()
                    .firstValue("Set-Cookie")
                    .orElseThrow();
            String id = cookie.substring("OWN=".length(), cookie.indexOf(';'));
            shop.put("shop##2.war", "second");
            reload(marina);
            assertThat(marina.get("/shop/do", "Cookie", "x=1; OWN=" + id).body())
                    .isEqualTo("first anna");
            assertThat(marina.get("/shop/do;jsessionid=" + id).body()).isEqualTo("first anna");
            String madeUp = "0".repeat(32) + id.substring(32);
            assertThat(marina.get("/shop/do", "Cookie", "OWN=" + madeUp).body()).isEqualTo("second null");
            assertThat(marina.get("/shop/do?user=ben", "Cookie", "OWN=" + madeUp)
                            .body())
                    .isEqualTo("second ben");
        }
    }

    @Test
    void aVersionWhoseProcessIdlesComesBackForItsSessions() throws Exception {
        shop.put("shop##1.war", "first");
        try (MarinaUnderTest marina =
                MarinaUnderTest.start(base, "defaults: { page_after: 30s, isolation: process, idle_timeout: 1s }")) {
            anna.ask(marina, "?user=anna");
            shop.put("shop##2.war", "second");
            reload(marina);
            await().atMost(Duration.ofSeconds(20)).until(() -> marina.server()
                    .host()
                    .context(new ContextPath("/shop##1"))
                    .orElseThrow()
                    .status()
                    .pids()
                    .isEmpty());
            assertThat(anna.ask(marina, "")).isEqualTo("first anna");
            assertThat(older(marina)).containsExactly("/shop##1");
        }
    }
}
