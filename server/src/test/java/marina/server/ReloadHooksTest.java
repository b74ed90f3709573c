package marina.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import marina.config.ContextPath;
import marina.host.ReloadOutcome;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code hooks.reload} does: it runs before a configuration takes effect, and may refuse it. */
class ReloadHooksTest {
    private static final String FILES = "public: { directory: public }\n";

    @TempDir
    private Path base;

    @Test
    void theyRunBeforeTheConfigurationTakesEffectAndTheirFailureRefusesIt() {
        MarinaUnderTest.write(base, "public/a.txt", "here");
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, "")) {
            ReloadOutcome refused =
                    marina.reload(FILES + "hooks: { reload: [{ command: [sh, -c, 'echo no users >&2; exit 3'] }] }\n");
            assertThat(refused.succeeded()).isFalse();
            assertThat(refused.messages()).singleElement().asString().contains("exit status 3", "no users");
            assertThat(marina.get("/a.txt").statusCode()).isEqualTo(404);

            ReloadOutcome done = marina.reload(
                    FILES
                            + "hooks: { reload: [{ command: [sh, -c, 'echo $WHERE > here'], directory: public, env: { WHERE: there } }] }\n");
            assertThat(done.succeeded()).isTrue();
            assertThat(marina.get("/a.txt").body()).isEqualTo("here");
            assertThat(marina.read("public/here").strip()).isEqualTo("there");
        }
    }

    @Test
    void readyHooksOfAnOlderReloadDoNotRunAfterThoseOfANewerOne() throws Exception {
        String slow =
                "contexts: { /app: { command: [node, %s], directory: ., min_instances: 1, env: { START_DELAY: \"3000\" } } }\n"
                        .formatted(Path.of("target/test-classes/apps/app.js").toAbsolutePath());
        String hook = "hooks: { ready: [{ command: [sh, -c, 'echo %s >> order'] }] }\n";
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, "")) {
            MarinaUnderTest.write(
                    base, "conf/server.yml", "listen: \"127.0.0.1:0\"\n" + slow + hook.formatted("older"));
            CompletableFuture<ReloadOutcome> older = marina.server().reloader().reload();
            await().until(() -> marina.server()
                    .host()
                    .context(new ContextPath("/app"))
                    .filter(app -> app.status().state().equals("starting"))
                    .isPresent());
            assertThat(marina.reload(slow + hook.formatted("newer")).succeeded())
                    .isTrue();
            assertThat(older.get(20, TimeUnit.SECONDS).succeeded()).isTrue();
            marina.awaitState("/app", "ready");
            await().during(Duration.ofSeconds(3)).atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(
                            Files.readAllLines(base.resolve("order")))
                    .last()
                    .isEqualTo("newer"));
        }
    }

    @Test
    void oneThatIsNotRequiredRefusesNothing() {
        MarinaUnderTest.write(base, "public/a.txt", "here");
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, "")) {
            String hooks = "hooks: { reload: [{ command: 'false', required: false }] }\n";
            assertThat(marina.reload(FILES + hooks).succeeded()).isTrue();
            assertThat(marina.get("/a.txt").body()).isEqualTo("here");
        }
    }
}
