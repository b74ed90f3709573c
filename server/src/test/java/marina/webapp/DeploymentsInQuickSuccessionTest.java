package marina.webapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import marina.config.EeLevel;
import marina.host.ReloadOutcome;
import marina.testing.ClientLoad;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WARs that are deployed anew more often than they can start, or all at once. */
class DeploymentsInQuickSuccessionTest {
    private static final int LAST = 8;
    private static final int TENANTS = 3 * Math.max(4, 2 * Runtime.getRuntime().availableProcessors());

    /** Takes a second to start, and writes down when it begins and ends to do so. */
    private static final String SLOW =
            """
            package app;
            import java.nio.file.*; import $API.servlet.*; import $API.servlet.annotation.WebListener;
            @WebListener
            public class Slow implements ServletContextListener {
                public void contextInitialized(ServletContextEvent event) {
                    note(event, "begins\\n");
                    try { Thread.sleep(1_000); } catch (InterruptedException e) { throw new IllegalStateException(e); }
                    note(event, "ends\\n");
                }
                public void contextDestroyed(ServletContextEvent event) { }
                private void note(ServletContextEvent event, String what) {
                    try {
                        Files.writeString(Path.of(event.getServletContext().getInitParameter("NOTES")), what,
                            StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                    } catch (java.io.IOException e) { throw new IllegalStateException(e); }
                }
            }
            """;

    @TempDir
    Path base;

    private String contexts(int version, boolean rolling) {
        return "defaults: { page_after: 60s }\ncontexts: { /slow: { war: slow.war, rolling_restart: %s, env: { VERSION: \"%d\", NOTES: \"%s\" } } }"
                .formatted(rolling, version, base.resolve("notes"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void startsOneAtATimeAndServesWhatHasStarted(boolean rolling) throws Exception {
        deploy();
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, contexts(0, rolling))) {
            assertThat(marina.get("/slow/do").body()).isEqualTo("0");
            ClientLoad load = ClientLoad.on(marina, "/slow/do", 2);
            List<CompletableFuture<ReloadOutcome>> outcomes = new ArrayList<>();
            for (int version = 1; version <= LAST; version++) {
                MarinaUnderTest.write(
                        base, "conf/server.yml", "listen: \"127.0.0.1:0\"\n" + contexts(version, rolling));
                outcomes.add(marina.server().reloader().reload());
                await().pollDelay(Duration.ofMillis(400)).until(() -> true);
            }
            assertThat(outcomes.get(LAST - 1).join().succeeded()).isTrue();
            assertThat(outcomes.get(0).join().succeeded())
                    .as("the first had begun")
                    .isTrue();
            assertThat(outcomes)
                    .flatExtracting(outcome -> outcome.join().messages())
                    .as("that others were left out")
                    .anyMatch(line -> line.contains("superseded"));
            assertThat(marina.get("/slow/do").body()).isEqualTo(Integer.toString(LAST));
            assertThat(load.stop()).isEmpty();
            assertThat(load.bodies()).contains("0", "1", Integer.toString(LAST));
            assertThat(Files.readString(base.resolve("notes"))).matches("(begins\nends\n)+");
        }
    }

    @Test
    void ofManyThatChangeAtOnceSomeStartAtATime() throws Exception {
        deploy();
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, tenants(0))) {
            for (int tenant = 0; tenant < TENANTS; tenant++) {
                var unused = marina.getAsync("/t" + tenant + "/do");
            }
            for (int tenant = 0; tenant < TENANTS; tenant++) {
                marina.awaitState("/t" + tenant, "ready");
            }
            Files.delete(base.resolve("notes"));

            assertThat(marina.reload(tenants(1)).succeeded()).isTrue();

            for (int tenant = 0; tenant < TENANTS; tenant++) {
                assertThat(marina.get("/t" + tenant + "/do").body()).isEqualTo("1");
            }
            assertThat(mostAtATime())
                    .isEqualTo(Math.max(4, 2 * Runtime.getRuntime().availableProcessors()));
        }
    }

    private String tenants(int version) {
        StringBuilder contexts = new StringBuilder("defaults: { page_after: 60s }\ncontexts:\n");
        for (int tenant = 0; tenant < TENANTS; tenant++) {
            contexts.append("  /t%d: { war: slow.war, env: { VERSION: \"%d\", NOTES: \"%s\" } }%n"
                    .formatted(tenant, version, base.resolve("notes")));
        }
        return contexts.toString();
    }

    private int mostAtATime() throws IOException {
        int now = 0;
        int most = 0;
        for (String note : Files.readAllLines(base.resolve("notes"))) {
            now += note.equals("begins") ? 1 : -1;
            most = Math.max(most, now);
        }
        return most;
    }

    private void deploy() throws IOException {
        Files.createDirectories(base.resolve("webapps"));
        Path archive = new TestWar(EeLevel.EE10, base)
                .type("app.Slow", SLOW)
                .type(
                        "app.Do",
                        TestWar.servlet("a.getWriter().print(getServletContext().getInitParameter(\"VERSION\"));"))
                .pack("slow.war");
        Files.move(archive, base.resolve("webapps/slow.war"));
    }
}
