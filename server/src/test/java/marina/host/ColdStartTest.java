package marina.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What requests see while a command context is being started for them. */
class ColdStartTest {
    @TempDir
    private Path base;

    @Test
    void fiveHundredRequestsDuringOneStartGetFiveHundredAnswersFromOneProcess() {
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, app("START_DELAY: \"600\""))) {
            List<CompletableFuture<HttpResponse<String>>> requests = IntStream.range(0, 500)
                    .mapToObj(i -> marina.getAsync("/app/pid"))
                    .toList();

            assertThat(requests)
                    .extracting(CompletableFuture::join)
                    .extracting(HttpResponse::statusCode)
                    .containsOnly(200);
            assertThat(requests)
                    .extracting(request -> request.join().body())
                    .containsOnly(Long.toString(marina.status("/app").backend().pid()));
            assertThat(marina.status("/app").backend().starts()).isEqualTo(1);
        }
    }

    @Test
    void aRequestThatWaitedPageAfterGetsThePageWhileTheStartGoesOn() {
        try (MarinaUnderTest marina =
                MarinaUnderTest.start(base, app("START_DELAY: \"1500\"") + "    page_after: 200ms\n")) {
            HttpResponse<String> early = marina.get("/app/pid");

            assertThat(early.statusCode()).isEqualTo(503);
            assertThat(early.headers().firstValue("Retry-After")).isPresent();
            assertThat(early.headers().firstValue("Refresh")).isPresent();
            assertThat(early.body()).contains("starting").doesNotContain("Exception");
            marina.awaitState("/app", "ready");
            assertThat(marina.get("/app/pid").statusCode()).isEqualTo(200);
            assertThat(marina.status("/app").backend().starts()).isEqualTo(1);
        }
    }

    @Test
    void aClientThatAsksForJsonGetsThePageAsJson() {
        try (MarinaUnderTest marina =
                MarinaUnderTest.start(base, app("START_DELAY: \"1500\"") + "    page_after: 50ms\n")) {
            HttpResponse<String> early = marina.get("/app/pid", "Accept", "application/json");

            assertThat(early.statusCode()).isEqualTo(503);
            assertThat(early.headers().firstValue("Content-Type")).hasValue("application/json");
            assertThat(early.body()).contains("\"status\":503");
        }
    }

    @Test
    void theOperatorsOwnPageIsShown() {
        MarinaUnderTest.write(base, "public/503.html", "<h1>Back in a minute</h1>");
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                base,
                "maintenance: { page: public/503.html }\n" + app("START_DELAY: \"1500\"") + "    page_after: 50ms\n")) {
            assertThat(marina.get("/app/").body()).isEqualTo("<h1>Back in a minute</h1>");
        }
    }

    @Test
    void aContextWithMinInstancesIsStartedWithTheServer() {
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, app("VERSION: \"1\"") + "    min_instances: 1\n")) {
            marina.awaitState("/app", "ready");
            assertThat(marina.status("/app").requests()).isZero();
        }
    }

    @Test
    void anIdleBackendStopsAfterTheEndOfItsLastRequestAndStartsAgain() {
        try (MarinaUnderTest marina =
                MarinaUnderTest.start(base, app("VERSION: \"1\"") + "    idle_timeout: 700ms\n")) {
            String first = marina.get("/app/pid").body();
            CompletableFuture<HttpResponse<String>> slow = marina.getAsync("/app/slow?ms=1500");

            assertThat(slow.join().statusCode())
                    .as("a request longer than the idle time-out")
                    .isEqualTo(200);
            marina.awaitState("/app", "stopped");
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> ProcessHandle.of(Long.parseLong(first)).isEmpty());
            assertThat(marina.get("/app/pid").body()).isNotEqualTo(first);
        }
    }

    static String app(String env) {
        return """
                contexts:
                  /app:
                    command: [node, app.js]
                    directory: %s
                    env: { %s }
                """
                .formatted(Path.of("target/test-classes/apps").toAbsolutePath(), env);
    }
}
