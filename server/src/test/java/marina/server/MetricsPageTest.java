package marina.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import marina.testing.MarinaUnderTest;
import marina.testing.MetricsPage;
import marina.testing.Promtool;
import marina.testing.RawClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus reads of a server that has worked. */
class MetricsPageTest {
    private static final Path APPS = Path.of("target/test-classes/apps").toAbsolutePath();

    @TempDir
    private Path base;

    @TempDir
    private Path other;

    private MarinaUnderTest marina(String yaml) {
        return MarinaUnderTest.start(base, "metrics: { listen: \"127.0.0.1:0\" }\n" + yaml);
    }

    private static String app(String path) {
        return "  %s: { command: [node, app.js], directory: %s }\n".formatted(path, APPS);
    }

    private static String of(String metric, String path) {
        return metric + "{context=\"" + path + "\"}";
    }

    private static String answers(String path, int code) {
        return "marina_context_requests_total{code=\"" + code + "xx\",context=\"" + path + "\"}";
    }

    @Test
    void requestsAreCountedByContextClassBytesAndTime() throws Exception {
        try (MarinaUnderTest marina = marina("contexts:\n" + app("/app"))) {
            marina.get("/app/x");
            marina.post("/app/upload", "12345");
            marina.get("/app/slow?ms=150");
            marina.get("/nowhere");

            await().until(
                            () -> MetricsPage.of(marina).value("marina_http_requests_total{code=\"4xx\"}"),
                            one -> one == 1);
            MetricsPage page = MetricsPage.of(marina);
            assertThat(page.value(answers("/app", 2))).isEqualTo(3);
            assertThat(page.value(answers("/app", 4))).isZero();
            assertThat(page.value("marina_http_requests_total{code=\"2xx\"}")).isEqualTo(3);
            assertThat(page.value(of("marina_context_received_bytes_total", "/app")))
                    .isEqualTo(5);
            assertThat(page.value(of("marina_context_sent_bytes_total", "/app")))
                    .isGreaterThan(10);
            assertThat(page.value(of("marina_context_request_duration_seconds_count", "/app")))
                    .isEqualTo(3);
            assertThat(page.value(of("marina_context_request_duration_seconds_sum", "/app")))
                    .isBetween(0.15, 60.0);
            assertThat(page.value("marina_context_request_duration_seconds_bucket{context=\"/app\",le=\"0.1\"}"))
                    .isLessThan(3);
            assertThat(page.value("marina_context_request_duration_seconds_bucket{context=\"/app\",le=\"+Inf\"}"))
                    .isEqualTo(3);
            assertThat(page.value(of("marina_context_start_duration_seconds_count", "/app")))
                    .isEqualTo(1);
            assertThat(page.value(of("marina_context_start_waits_total", "/app")))
                    .isEqualTo(1);
            assertThat(page.value(of("marina_context_start_wait_seconds_total", "/app")))
                    .isPositive();
            assertThat(page.value(of("marina_context_memory_bytes", "/app"))).isGreaterThan(1 << 20);
            assertThat(page.value(of("marina_context_processes", "/app"))).isEqualTo(1);
            assertThat(page.names())
                    .contains("process_open_fds", "jvm_threads_current", "jvm_gc_collection_seconds_count");
        }
    }

    @Test
    void crashesRestartsAndFailedStartsAreCountedAndOutliveARestartByTheOperator() {
        try (MarinaUnderTest marina = marina("contexts:\n" + app("/app")
                + "  /no: { command: [node, app.js], directory: %s, env: { EXIT_AT_START: \"3\" } }\n"
                        .formatted(APPS))) {
            marina.get("/app/x");
            marina.get("/app/exit?status=1");
            marina.awaitState("/app", "failed");
            await().until(() -> marina.get("/app/x").statusCode(), status -> status == 200);
            marina.get("/no/x");
            marina.server()
                    .reloader()
                    .restart(new marina.config.ContextPath("/app"))
                    .join();

            MetricsPage page = MetricsPage.of(marina);
            assertThat(page.value(of("marina_context_crashes_total", "/app"))).isEqualTo(1);
            assertThat(page.value(of("marina_context_restarts_total", "/app"))).isEqualTo(1);
            assertThat(page.value(of("marina_context_start_duration_seconds_count", "/app")))
                    .isEqualTo(3);
            assertThat(page.value(of("marina_context_memory_kills_total", "/app")))
                    .isZero();
            assertThat(page.value(of("marina_context_failed_starts_total", "/no")))
                    .isEqualTo(1);
            assertThat(page.value(answers("/app", 2))).isGreaterThanOrEqualTo(2);
            assertThat(page.value(answers("/app", 5))).isGreaterThanOrEqualTo(1);
        }
    }

    @Test
    void aWebSocketIsCountedWhileItIsOpenAndIsNoLatency() throws Exception {
        try (MarinaUnderTest marina = marina("contexts:\n" + app("/app"))) {
            marina.get("/app/x");
            try (RawClient client = new RawClient(marina.uri(""))) {
                client.send("GET /app/socket HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
                assertThat(RawClient.status(client.answer())).isEqualTo(101);
                await().until(
                                () -> MetricsPage.of(marina).value(of("marina_context_websockets_total", "/app")),
                                n -> n == 1);
                MetricsPage page = MetricsPage.of(marina);
                assertThat(page.value(of("marina_context_websockets_open", "/app")))
                        .isEqualTo(1);
                assertThat(page.value(of("marina_context_leases", "/app"))).isEqualTo(1);
                assertThat(page.value(answers("/app", 1))).isEqualTo(1);
                assertThat(page.value(of("marina_context_request_duration_seconds_count", "/app")))
                        .isEqualTo(1);
            }
            await().until(
                            () -> MetricsPage.of(marina).value(of("marina_context_websockets_open", "/app")),
                            n -> n == 0);
        }
    }

    @Test
    void contextsThatNobodyHasAskedHaveNoRowsAndTheOthersOnlySoMany() {
        String contexts = IntStream.range(0, 300)
                .mapToObj(i -> "  /c%d: { files: site }\n".formatted(i))
                .collect(Collectors.joining());
        MarinaUnderTest.write(base, "site/index.html", "hello");
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                base, "metrics: { listen: \"127.0.0.1:0\", contexts: 2 }\ncontexts:\n" + contexts)) {
            int before = MetricsPage.of(marina).size();
            assertThat(MetricsPage.of(marina).text()).doesNotContain("context=");
            for (int i : new int[] {7, 3, 250}) {
                marina.get("/c" + i + "/");
                int asked = i;
                await().until(
                                () -> MetricsPage.of(marina).value("marina_http_requests_total{code=\"2xx\"}"),
                                n -> n >= 1 && asked >= 0);
                MetricsPage.of(marina);
            }
            await().until(() -> MetricsPage.of(marina).value("marina_http_requests_total{code=\"2xx\"}"), n -> n == 3);
            MetricsPage page = MetricsPage.of(marina);
            assertThat(page.value("marina_metrics_contexts_left_out")).isEqualTo(1);
            assertThat(page.value(answers("/c7", 2))).isEqualTo(1);
            assertThat(page.value(answers("/c3", 2))).isEqualTo(1);
            assertThat(page.value(answers("/c250", 2))).isEqualTo(-1);
            assertThat(page.size() - before).isLessThan(130);
        }
    }

    @Test
    void prometheusOwnToolFindsNothingToSay() throws Exception {
        assumeTrue(Promtool.isInstalled(), "promtool is not installed");
        try (MarinaUnderTest marina = marina("contexts:\n" + app("/app")
                + "  /pool: { upstream: { members: [{ url: \"http://127.0.0.1:1\" }] } }\n")) {
            marina.get("/app/x");
            marina.get("/pool/x");
            Promtool.check(MetricsPage.of(marina).text(), other);
        }
    }

    @Test
    void whoAsksForOpenMetricsGetsItAndOtherPathsAndMethodsAreRefused() throws Exception {
        try (MarinaUnderTest marina = marina("contexts: {}")) {
            var url = marina.server().metricsUrl().orElseThrow();
            HttpResponse<String> open =
                    MetricsPage.get(url, "application/openmetrics-text;version=1.0.0,text/plain;q=0.1");
            assertThat(open.headers().firstValue("Content-Type").orElse("")).startsWith("application/openmetrics-text");
            assertThat(open.body()).endsWith("# EOF\n");
            HttpResponse<String> plain = MetricsPage.get(url, "*/*");
            assertThat(plain.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain; version=0.0.4");
            assertThat(MetricsPage.get(url.resolve("/"), "*/*").statusCode()).isEqualTo(404);
            HttpResponse<Void> post = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(url)
                                    .POST(HttpRequest.BodyPublishers.noBody())
                                    .build(),
                            HttpResponse.BodyHandlers.discarding());
            assertThat(post.statusCode()).isEqualTo(405);
            assertThat(marina.get("/metrics").statusCode())
                    .as("clients do not see it")
                    .isEqualTo(404);
        }
    }

    @Test
    void theAddressFollowsAReload() {
        try (MarinaUnderTest marina = marina("contexts: {}")) {
            assertThat(marina.server().metricsUrl()).isPresent();
            marina.reload("contexts: {}");
            assertThat(marina.server().metricsUrl()).isEmpty();
            marina.reload("metrics: { listen: \"127.0.0.1:0\" }\ncontexts: {}");
            assertThat(MetricsPage.of(marina).names()).contains("marina_info");
        }
    }
}
