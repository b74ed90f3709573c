package marina.cgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who has a place of a script, from when and until when; and what may not keep one. */
class ScriptPlacesTest {
    private static final String CHUNKS = "POST /one/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";

    @TempDir
    private Path base;

    private MarinaUnderTest marina;

    private ScriptsUnderTest scripts;

    @BeforeEach
    void start() {
        scripts = new ScriptsUnderTest(base)
                .sh("one.sh", "printf 'Content-Type: text/plain\\n\\n'; cat")
                .sh("flood.sh", "printf 'Content-Type: a/b\\n\\n'; [ -n \"$QUERY_STRING\" ] || exit 0; yes & sleep 1")
                .sh(
                        "stranger.sh",
                        "exec 3<&0; env -i setsid /bin/sleep 300 2>/dev/null <&3 & echo $! > stranger.pid\n"
                                + "printf 'Content-Type: a/b\\n\\nhello'; sleep 0.3")
                .sh(
                        "there.sh",
                        "[ $PATH_INFO = / ] && printf 'Location: /limited/x\\n\\n' || printf 'Content-Type: a/b\\n\\nthere'");
        marina = scripts.start(
                """
                contexts:
                  /one: { cgi: { script: cgi/one.sh, max_concurrent: 1 } }
                  /flood: { cgi: { script: cgi/flood.sh, max_concurrent: 1 } }
                  /stranger: { cgi: { script: cgi/stranger.sh, max_concurrent: 1 } }
                  /gone: { cgi: cgi/there.sh }
                  /limited:
                    limits: { max_concurrent: 1, max_queued: 5 }
                    cgi: cgi/there.sh
                """);
    }

    @AfterEach
    void stop() {
        marina.close();
    }

    @Test
    void aBodyOfUnknownLengthNeedsAPlaceBeforeItComes() {
        try (RawClient slow = new RawClient(uri())) {
            slow.send(CHUNKS + "1\r\na\r\n");
            await().untilAsserted(() -> assertThat(RawClient.get(uri(), "/one/"))
                    .startsWith("HTTP/1.1 503")
                    .contains("Retry-After: 1\r\n"));
            try (RawClient other = new RawClient(uri())) {
                assertThat(other.send(CHUNKS + "1\r\na\r\n0\r\n\r\n").answer()).startsWith("HTTP/1.1 503");
            }

            assertThat(slow.send("1\r\nb\r\n0\r\n\r\n").answer()).startsWith("HTTP/1.1 200");
        }
        await().untilAsserted(() -> assertThat(marina.get("/one/").statusCode()).isEqualTo(200));
    }

    @Test
    void whoLeavesDuringItsUploadGivesItsPlaceBack() {
        try (RawClient slow = new RawClient(uri())) {
            slow.send(CHUNKS + "1\r\na\r\n");
            await().until(() -> marina.get("/one/").statusCode() == 503);
        }
        await().until(() -> marina.get("/one/").statusCode() == 200);
    }

    @Test
    void whoDoesNotTakeTheAnswerKeepsItsPlaceThoughTheScriptHasEnded() {
        try (RawClient slow = new RawClient(uri())) {
            slow.send("GET /flood/?x HTTP/1.1\r\nHost: x\r\n\r\n");
            await().until(() -> marina.get("/flood/").statusCode() == 503);
            await().untilAsserted(
                            () -> assertThat(base.resolve("run/processes")).isEmptyDirectory());

            assertThat(marina.get("/flood/").statusCode()).isEqualTo(503);
        }
        await().until(() -> marina.get("/flood/").statusCode() == 200);
    }

    @Test
    void aStrangerWhoKeepsThePipesOpenKeepsNoThreadOfOurs() {
        String body = "x".repeat(1_000_000);

        String answer = ScriptsUnderTest.post(uri(), "/stranger/", "Content-Length: 1000000\r\n", body);

        assertThat(ScriptsUnderTest.body(answer)).isEqualTo("hello");
        long stranger = scripts.pid("cgi/stranger.pid");
        await().until(() -> Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey().getName().startsWith("marina-cgi"))
                .flatMap(thread -> java.util.Arrays.stream(thread.getValue()))
                .noneMatch(frame -> frame.getClassName().startsWith("marina.cgi")
                        || frame.getClassName().startsWith("marina.process")));
        assertThat(ScriptsUnderTest.isAlive(stranger)).isTrue();
        ProcessHandle.of(stranger).ifPresent(ProcessHandle::destroyForcibly);
        await().until(() -> marina.status("/stranger").backend().leases() == 0);
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS)
    void aRequestThatIsSentOnDoesNotWaitForItself() {
        for (int i = 0; i < 3; i++) {
            assertThat(marina.get("/limited/").body()).isEqualTo("there");
        }
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS)
    void aScriptThatCannotBeRunLeavesTheConnectionOfAnUploadUsable() throws Exception {
        Files.delete(base.resolve("cgi/there.sh"));
        try (RawClient client = new RawClient(uri())) {
            for (int i = 0; i < 12; i++) { // each took two seconds when nobody read the body
                String head = "POST /gone/ HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n";
                assertThat(client.send(head + "x".repeat(100_000)).answer()).startsWith("HTTP/1.1 502");
            }
        }
        try (RawClient client = new RawClient(uri())) {
            String head = "POST /gone/ HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n";
            assertThat(client.send(head).rest()).startsWith("HTTP/1.1 502").doesNotContain(" 100 ");
        }
    }

    private URI uri() {
        return marina.uri("");
    }
}
