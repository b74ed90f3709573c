package marina.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import marina.host.ReloadOutcome;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hooks that write what the configuration is made from: it takes effect, and they do not run again for it. */
class HooksThatWriteTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Longer than it takes to notice a change and to reload. */
    private static final Duration LOOKS = Duration.ofSeconds(4);

    /** Counts its runs, and makes a context with each. */
    private static final String MAKER =
            """
            echo run >> runs
            n=$(grep -c run runs)
            echo "files: site" > conf/contexts/made$n.yml
            """;

    @TempDir
    private Path base;

    private void files() {
        MarinaUnderTest.write(base, "site/a.txt", "here");
        MarinaUnderTest.write(base, "conf/contexts/first.yml", "files: site\n");
        MarinaUnderTest.write(base, "maker.sh", MAKER);
    }

    private long runs() throws Exception {
        return Files.exists(base.resolve("runs"))
                ? Files.readAllLines(base.resolve("runs")).size()
                : 0;
    }

    @Test
    void aReadyHookRunsOnceForTheStartAndOnceForEachChangeOfSomebodyElse() throws Exception {
        files();
        try (MarinaUnderTest marina =
                MarinaUnderTest.start(base, "hooks: { ready: [{ command: [sh, maker.sh] }] }\n")) {
            await().atMost(PATIENCE).until(() -> marina.get("/made1/a.txt").statusCode() == 200);
            await().during(LOOKS).atMost(PATIENCE).until(() -> runs() == 1);

            MarinaUnderTest.write(base, "conf/contexts/own.yml", "files: site\n");
            await().atMost(PATIENCE).until(() -> marina.get("/made2/a.txt").statusCode() == 200);
            assertThat(marina.get("/own/a.txt").statusCode()).isEqualTo(200);
            await().during(LOOKS).atMost(PATIENCE).until(() -> runs() == 2);
            assertThat(marina.get("/made3/a.txt").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void whatAReloadHookWritesIsPartOfThatReload() throws Exception {
        files();
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, "")) {
            ReloadOutcome outcome = marina.reload("hooks: { reload: [{ command: [sh, maker.sh] }] }\n");
            assertThat(outcome.succeeded()).isTrue();
            assertThat(marina.get("/made1/a.txt").statusCode()).isEqualTo(200);
            await().during(LOOKS).atMost(PATIENCE).until(() -> runs() == 1);
        }
    }

    @Test
    void whatAStartHookWritesCountsForTheFirstRequest() throws Exception {
        files();
        String hooks = "hooks: { start: [{ command: [sh, maker.sh] }], reload: [{ command: [sh, maker.sh] }] }\n";
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, hooks)) {
            assertThat(marina.get("/made1/a.txt").statusCode()).isEqualTo(200);
            await().during(LOOKS).atMost(PATIENCE).until(() -> runs() == 1);
        }
    }

    @Test
    void hooksMayMakeFilesThatTheConfigurationNames() throws Exception {
        MarinaUnderTest.write(base, "users", "sam:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=\n");
        String makes = "[{ command: [sh, -c, 'echo run >> runs; mkdir -p made; cp users made/%s'] }]";
        String asks = "auth: { htpasswd: made/%s }\n";
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                base, asks.formatted("first") + "hooks: { start: " + makes.formatted("first") + " }\n")) {
            assertThat(marina.get("/").statusCode()).isEqualTo(401);
            assertThat(runs()).isEqualTo(1);

            ReloadOutcome none = marina.reload(asks.formatted("second"));
            assertThat(none.messages())
                    .singleElement()
                    .asString()
                    .contains("made/second")
                    .contains("does not exist");
            ReloadOutcome wrong =
                    marina.reload(asks.formatted("third") + "hooks: { reload: " + makes.formatted("second") + " }\n");
            assertThat(wrong.messages())
                    .singleElement()
                    .asString()
                    .contains("made/third")
                    .contains("does not exist");
            ReloadOutcome done =
                    marina.reload(asks.formatted("third") + "hooks: { reload: " + makes.formatted("third") + " }\n");
            assertThat(done.succeeded()).isTrue();
            assertThat(runs()).isEqualTo(3);
        }
    }

    @Test
    void aFileThatNoStartHookMakesIsNamed() {
        assertThatThrownBy(() -> MarinaUnderTest.start(
                        base, "auth: { htpasswd: none }\nhooks: { start: [{ command: [touch, ran] }] }\n"))
                .cause()
                .isInstanceOf(StartException.class)
                .hasMessageContaining("conf/server.yml:2:19: auth.htpasswd: \"none\" does not exist");
        assertThat(base.resolve("ran")).exists();
    }

    @Test
    void otherMistakesAreFoundBeforeAnyHookRuns() {
        assertThatThrownBy(() -> MarinaUnderTest.start(
                        base, "auth: { htpasswd: none, realms: a }\nhooks: { start: [{ command: [touch, ran] }] }\n"))
                .hasMessageContaining("realms");
        assertThat(base.resolve("ran")).doesNotExist();
    }
}
