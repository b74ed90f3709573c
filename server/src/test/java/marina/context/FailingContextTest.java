package marina.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Contexts that cannot be started, or that break: the client gets a plain page, the operator a reason. */
class FailingContextTest {
    private static final Duration SOON = Duration.ofSeconds(1);

    @TempDir
    private Path base;

    @Test
    void aCommandThatDoesNotExistIsNamed() {
        try (MarinaUnderTest marina = start("command: [no-such-program, -x]")) {
            assertUnavailable(marina.get("/app/"));
            assertThat(marina.status("/app").backend().reason()).contains("no-such-program");
        }
    }

    @Test
    void aCommandThatExitsAtOnceIsReportedWithItsStatusAndLastWords() {
        try (MarinaUnderTest marina = start(node("EXIT_AT_START: \"3\""))) {
            assertUnavailable(marina.get("/app/"));
            assertThat(marina.status("/app").backend().reason())
                    .contains("exit status 3")
                    .contains("the database is missing");
        }
    }

    @Test
    void aCommandThatNeverListensFailsAfterItsReadyTimeout() {
        try (MarinaUnderTest marina =
                start(node("NEVER_LISTEN: \"1\"") + "\n    ready: { path: /up, timeout: 500ms }")) {
            long start = System.nanoTime();
            assertUnavailable(marina.get("/app/"));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON.plusMillis(2000));
            assertThat(marina.status("/app").backend().reason()).contains("/up").contains("500ms");
        }
    }

    @Test
    void aCommandThatListensAndThenHangsFailsAfterItsReadyTimeout() {
        try (MarinaUnderTest marina = start(node("HANG: \"1\"") + "\n    ready: { timeout: 500ms }")) {
            assertUnavailable(marina.get("/app/"));
            assertThat(marina.status("/app").state()).isEqualTo("failed");
        }
    }

    @Test
    void oneContextsFailureDoesNotTouchAnother() {
        MarinaUnderTest.write(base, "site/index.html", "hello");
        try (MarinaUnderTest marina = start("command: [no-such-program]\n  /site: { files: site }")) {
            assertUnavailable(marina.get("/app/"));
            assertThat(marina.get("/site/").body()).isEqualTo("hello");
        }
    }

    @Test
    void aFailedContextIsNeverAnsweredByTheContextAboveIt() {
        MarinaUnderTest.write(base, "site/app/index.html", "the parent's page");
        try (MarinaUnderTest marina = start("command: [no-such-program]\n  /: { files: site }")) {
            assertUnavailable(marina.get("/app/"));
        }
    }

    @Test
    void afterKill9OnlyTheRequestInFlightFailsAndTheNextOneIsAnsweredByANewProcess() {
        try (MarinaUnderTest marina = start(node("VERSION: \"1\""))) {
            String pid = marina.get("/app/pid").body();
            CompletableFuture<HttpResponse<String>> inFlight = marina.getAsync("/app/slow?ms=20000");
            await().until(() -> marina.status("/app").backend().leases() == 1);

            ProcessHandle.of(Long.parseLong(pid)).orElseThrow().destroyForcibly();

            assertThat(inFlight.join().statusCode()).isEqualTo(502);
            assertThat(marina.get("/app/pid").body()).isNotEqualTo(pid);
        }
    }

    @Test
    void aBackendThatEndsDuringItsAnswerBreaksTheConnectionRatherThanPassingHalfAnAnswer() {
        try (MarinaUnderTest marina = start(node("VERSION: \"1\""))) {
            HttpResponse<String> response = marina.get("/app/exit?status=4");

            assertThat(response.statusCode()).isEqualTo(502);
            await().until(() -> marina.status("/app").backend().reason().contains("exit status 4"));
        }
    }

    @Test
    void aProcessThatIgnoresSigtermIsKilledWhenItsStopTimeoutEnds() {
        MarinaUnderTest marina = start(node("IGNORE_TERM: \"1\"") + "\n    stop_timeout: 300ms");
        long pid = Long.parseLong(marina.get("/app/pid").body());

        marina.close();

        assertThat(ProcessHandle.of(pid)).isEmpty();
    }

    @Test
    void anUpstreamThatRefusesConnectionsGives502() {
        try (MarinaUnderTest marina =
                MarinaUnderTest.start(base, "contexts: { /api: { upstream: \"http://127.0.0.1:1\" } }")) {
            HttpResponse<String> response = marina.get("/api/x");

            assertThat(response.statusCode()).isEqualTo(502);
            assertThat(response.body()).contains("did not answer").doesNotContain("Exception");
        }
    }

    @Test
    void aFileThatIsNoArchiveIsNamedAndTheOthersRunOn() {
        MarinaUnderTest.write(base, "webapps/broken.war", "this is no zip");
        MarinaUnderTest.write(base, "site/index.html", "hello");
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, "contexts: { /site: { files: site } }")) {
            assertUnavailable(marina.get("/broken/"));
            assertThat(marina.status("/broken").backend().reason()).contains("broken.war");
            assertThat(marina.get("/site/").body()).isEqualTo("hello");
        }
    }

    private MarinaUnderTest start(String keys) {
        return MarinaUnderTest.start(base, "contexts:\n  /app:\n    " + keys + "\n");
    }

    private static String node(String env) {
        return "command: [node, app.js]\n    directory: "
                + Path.of("target/test-classes/apps").toAbsolutePath() + "\n    env: { " + env + " }";
    }

    private static void assertUnavailable(HttpResponse<String> response) throws CompletionException {
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
        assertThat(response.body()).contains("<h1>").doesNotContain("Exception").doesNotContain("\tat ");
    }
}
