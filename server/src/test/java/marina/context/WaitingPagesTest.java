package marina.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import marina.backend.StartProgress;
import marina.config.ContextPath;
import marina.testing.MarinaUnderTest;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.eclipse.jetty.util.ajax.JSON;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people and programs read while an application starts, and when it has failed. */
class WaitingPagesTest {
    private static final String SLOW = "command: [node, app.js], env: { START_DELAY: \"1700\" }, page_after: 50ms";
    private static final String SECRET = "the database is missing";

    @TempDir
    private Path base;

    @Test
    void thePageOfAStartTellsWhichContextAndForHowLongAndWhenToLookAgain() {
        try (MarinaUnderTest marina = start("/app", SLOW)) {
            HttpResponse<String> first = marina.get("/app/");
            assertThat(first.statusCode()).isEqualTo(503);
            assertThat(first.body())
                    .contains("<html lang=\"en\">", "The application at /app has been starting for 1 second.")
                    .doesNotContain("last start");
            assertThat(header(first, "Refresh")).isEqualTo("2");
            assertThat(header(first, "Retry-After")).isEqualTo("2");
            assertThat(header(first, "Cache-Control")).isEqualTo("no-store");
            marina.awaitState("/app", "ready");

            marina.server()
                    .host()
                    .context(new ContextPath("/app"))
                    .orElseThrow()
                    .stop(Duration.ZERO)
                    .join();
            assertThat(marina.get("/app/").body()).contains("Its last start took 2 seconds.");
        }
    }

    @Test
    void aProgramGetsTheSameAsJson() {
        try (MarinaUnderTest marina = start("/app", SLOW)) {
            HttpResponse<String> answer = marina.get("/app/", "Accept", "application/json");

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(header(answer, "Content-Type")).isEqualTo("application/json");
            assertThat(header(answer, "Retry-After")).isEqualTo("2");
            assertThat(answer.headers().firstValue("Refresh")).isEmpty();
            assertThat(json(answer))
                    .containsEntry("message", "The application at /app has been starting for 1 second.")
                    .containsEntry("status", 503L)
                    .containsEntry("context", "/app")
                    .containsEntry("state", "starting")
                    .containsEntry("retry_after", 2L)
                    .containsKey("elapsed_ms");
        }
    }

    @Test
    void aFormThatWasSentIsNotTurnedIntoAGet() {
        try (MarinaUnderTest marina = start("/app", SLOW)) {
            HttpResponse<String> answer = marina.post("/app/", "name=value");

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(header(answer, "Retry-After")).isEqualTo("2");
            assertThat(answer.headers().firstValue("Refresh")).isEmpty();
            assertThat(answer.body()).contains("has not been carried out");
        }
    }

    @Test
    void headGetsTheHeadersOnly() throws Exception {
        try (MarinaUnderTest marina = start("/app", SLOW)) {
            String answer = ask(marina, "HEAD /app/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

            assertThat(answer)
                    .startsWith("HTTP/1.1 503")
                    .containsIgnoringCase("retry-after: 2")
                    .endsWith("\r\n\r\n");
        }
    }

    @Test
    void aPathIsShownAsTextWhateverIsInIt() {
        StatusPage page = WaitingPages.starting(
                "/<b>&\"'", new StartProgress(Duration.ofSeconds(3), Duration.ofSeconds(5)), true, true);

        assertThat(page.html()).contains("The application at /&lt;b&gt;&amp;").doesNotContain("<b>");
        assertThat(new JSON().fromJSON(page.json()))
                .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
                .containsEntry("context", "/<b>&\"'");
    }

    @Test
    void theOperatorsOwnPageKeepsWorkingWithRetryAfter() {
        MarinaUnderTest.write(base, "public/503.html", "<h1>Back in a minute</h1>");
        try (MarinaUnderTest marina = start("/app", SLOW, "maintenance: { page: public/503.html }\n")) {
            HttpResponse<String> page = marina.get("/app/");
            assertThat(page.body()).isEqualTo("<h1>Back in a minute</h1>");
            assertThat(header(page, "Retry-After")).isEqualTo("2");
            assertThat(header(marina.get("/app/", "Accept", "application/json"), "Content-Type"))
                    .isEqualTo("application/json");
        }
    }

    @Test
    void aFailureTellsWhenToTryAgainButNotItsReason() {
        try (MarinaUnderTest marina = start("/app", "command: [node, app.js], env: { EXIT_AT_START: \"3\" }")) {
            HttpResponse<String> page = marina.get("/app/");
            assertThat(page.statusCode()).isEqualTo(503);
            assertThat(header(page, "Retry-After")).isEqualTo("1");
            assertThat(page.body())
                    .contains("The application at /app has failed. Please try again in 1 second.")
                    .doesNotContain(SECRET);
            assertThat(marina.status("/app").backend().reason()).contains(SECRET);
        }
    }

    @Test
    void aContextThatWasGivenUpSaysThatItStaysOffUntilItIsRestarted() {
        try (MarinaUnderTest marina = start("/app", "command: [no-such-program], min_instances: 1")) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> marina.get("/app/").body().contains("several times in a row"));
            HttpResponse<String> answer = marina.get("/app/", "Accept", "application/json");
            assertThat(json(answer)).containsEntry("state", "failed").containsEntry("retry_after", 30L);
            assertThat(answer.body()).contains("until its operator restarts it").doesNotContain("no-such-program");
            assertThat(header(answer, "Retry-After")).isEqualTo("30");
        }
    }

    private MarinaUnderTest start(String path, String keys) {
        return start(path, keys, "");
    }

    private MarinaUnderTest start(String path, String keys, String more) {
        String apps = Path.of("target/test-classes/apps").toAbsolutePath().toString();
        return MarinaUnderTest.start(
                base, "contexts: { " + path + ": { directory: " + apps + ", " + keys + " } }\n" + more);
    }

    private static String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> json(HttpResponse<String> answer) {
        return (Map<String, Object>) new JSON().fromJSON(answer.body());
    }

    private static String ask(MarinaUnderTest marina, String request) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), marina.uri("/").getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
