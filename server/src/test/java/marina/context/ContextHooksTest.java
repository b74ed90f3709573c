package marina.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hooks around the life of a context and of the server. */
class ContextHooksTest {
    @TempDir
    private Path base;

    @Test
    void hooksRunAroundTheProcessInOrder() {
        MarinaUnderTest marina = MarinaUnderTest.start(
                base,
                """
                contexts:
                  /app:
                    command: [node, app.js]
                    directory: %s
                    env: { STORY: %s }
                    hooks:
                      start: [{ command: [sh, -c, "echo start >> $STORY"] }]
                      ready: [{ command: [sh, -c, "echo ready ${port} >> $STORY"] }]
                      stop: [{ command: [sh, -c, "echo stop >> $STORY"] }]
                """
                        .formatted(Path.of("target/test-classes/apps").toAbsolutePath(), base.resolve("story")));
        assertThat(marina.get("/app/pid").statusCode()).isEqualTo(200);
        await().until(() -> Files.readString(base.resolve("story")).contains("ready"));

        marina.close();

        assertThat(marina.read("story")).matches("start\nready \\d+\nstop\n");
    }

    @Test
    void aFailingStartHookFailsTheStartAndSaysWhy() {
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                base,
                """
                contexts:
                  /app:
                    command: [node, app.js]
                    hooks: { start: [{ command: [sh, -c, "echo disk is full >&2; exit 9"] }] }
                """)) {
            assertThat(marina.get("/app/").statusCode()).isEqualTo(503);
            assertThat(marina.status("/app").backend().reason())
                    .contains("exit status 9")
                    .contains("disk is full");
        }
    }

    @Test
    void aHookThatTakesTooLongIsEndedWithItsChildren() {
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                base,
                """
                contexts:
                  /app:
                    command: [node, app.js]
                    hooks: { start: [{ command: [sh, -c, "sleep 60 & echo $! > child; wait"], timeout: 300ms }] }
                """)) {
            assertThat(marina.get("/app/").statusCode()).isEqualTo(503);
            assertThat(marina.status("/app").backend().reason()).contains("0.3s");
            long child = Long.parseLong(marina.read("child").strip());
            await().until(() -> ProcessHandle.of(child).isEmpty());
        }
    }

    @Test
    void hooksOfAHostedWarFindThePathAndTheContextsVariablesAndNothingElseOfMarinas() {
        MarinaUnderTest.write(base, "webapps/list/WEB-INF/web.xml", "<web-app/>");
        MarinaUnderTest.write(base, "webapps/list/index.html", "hello");
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                base,
                """
                contexts:
                  /list:
                    war: list
                    env: { COLOUR: blue }
                    hooks: { start: [{ command: [sh, -c, "env > variables"] }] }
                """)) {
            marina.get("/list/");

            assertThat(marina.read("variables"))
                    .contains("PATH=" + System.getenv("PATH"), "COLOUR=blue")
                    .doesNotContain("CLASSES=");
        }
    }

    @Test
    void serverHooksRunBeforeTheFirstConnectionAfterTheStartAndAtTheEnd() {
        MarinaUnderTest marina = MarinaUnderTest.start(
                base,
                """
                hooks:
                  start: [{ command: [sh, -c, "echo start >> story"] }]
                  ready: [{ command: [sh, -c, "echo ready >> story"] }]
                  stop: [{ command: [sh, -c, "echo stop >> story"] }]
                """);
        await().until(() -> marina.read("story").contains("ready"));

        marina.close();

        assertThat(marina.read("story")).isEqualTo("start\nready\nstop\n");
    }

    @Test
    void aReadyHookMayWriteTheConfigurationThatIsThenLoaded() {
        MarinaUnderTest.write(base, "site/index.html", "hello");
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                base,
                """
                hooks:
                  ready:
                    - command: [sh, -c, "echo 'contexts: { /site: { files: site } }' > conf/full.yml"]
                      reload_config: conf/full.yml
                """)) {
            await().until(() -> marina.get("/site/").body().equals("hello"));
        }
    }
}
