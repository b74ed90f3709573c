package marina.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who reads metrics on the admin listener, and what REST tells of latencies. */
class MetricsForManagersTest {
    @TempDir
    Path base;

    @Test
    void prometheusLogsInWithARoleOfItsOwn() {
        try (AdminBed bed = new AdminBed(base, "contexts: { /a: { files: conf } }")) {
            assertThat(bed.send("GET", "/metrics", "").statusCode()).isEqualTo(401);
            assertThat(bed.as("clerk", "GET", "/metrics").statusCode()).isEqualTo(403);
            assertThat(bed.as("status", "GET", "/metrics").body()).contains("\nmarina_http_requests_total{");
            assertThat(bed.as("sam", "GET", "/metrics").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void restTellsRatesAndLatenciesOfWhatHasBeenAsked() {
        try (AdminBed bed = new AdminBed(base, "contexts: { /a: { files: conf } }")) {
            Map<?, ?> before = AdminBed.json(bed.as("sam", "GET", "/api/v1/contexts/one?path=/a"));
            assertThat(before.get("latency_ms")).isNull();
            bed.marina().get("/a/nothing");
            await().untilAsserted(() -> {
                Map<?, ?> after = AdminBed.json(bed.as("sam", "GET", "/api/v1/contexts/one?path=/a"));
                assertThat((Map<?, ?>) after.get("latency_ms"))
                        .extracting("p99")
                        .isInstanceOf(Number.class);
                assertThat(String.valueOf(after.get("per_second"))).isNotEqualTo("0.0");
            });
        }
    }
}
