package marina.server;

import static marina.testing.TraceCollector.attributes;
import static marina.testing.TraceCollector.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import marina.testing.MarinaUnderTest;
import marina.testing.MetricsPage;
import marina.testing.TraceCollector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests as a collector of traces and the applications behind the server see them. */
class TracingTest {
    private static final Path APPS = Path.of("target/test-classes/apps").toAbsolutePath();
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00f067aa0ba902b7";

    @TempDir
    private Path base;

    private TraceCollector collector;

    @BeforeEach
    void collect() throws IOException {
        collector = new TraceCollector();
    }

    @AfterEach
    void stop() {
        collector.close();
    }

    private MarinaUnderTest marina(String tracing) {
        return MarinaUnderTest.start(
                base,
                """
                metrics: { listen: "127.0.0.1:0" }
                tracing: { endpoint: "%s"%s }
                contexts:
                  /app: { command: [node, app.js], directory: %s }
                """
                        .formatted(collector.endpoint(), tracing, APPS));
    }

    private static String told(String body, String field) {
        int at = body.indexOf("\"" + field + "\":\"");
        return at < 0 ? "" : body.substring(at + field.length() + 4, body.indexOf('"', at + field.length() + 4));
    }

    private Span only() {
        await().until(() -> !collector.spans().isEmpty());
        assertThat(collector.spans()).hasSize(1);
        return collector.spans().get(0);
    }

    @Test
    void aRequestBecomesASpanThatTheApplicationIsToldOf() {
        try (MarinaUnderTest marina = marina(", service: lists")) {
            String seen = marina.get("/app/x?secret=1").body();
            Span span = only();
            assertThat(told(seen, "traceparent"))
                    .matches("00-" + hex(span.getTraceId()) + "-" + hex(span.getSpanId()) + "-0[13]"); // sampled
            assertThat(collector.services()).containsExactly("lists");
            assertThat(span.getName()).isEqualTo("GET /app");
            assertThat(span.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
            assertThat(span.getParentSpanId().isEmpty()).isTrue();
            Map<String, String> attributes = attributes(span);
            assertThat(attributes)
                    .containsEntry("marina.context", "/app")
                    .containsEntry("http.response.status_code", "200")
                    .containsEntry("url.path", "/app/x")
                    .containsEntry("marina.request_id", told(seen, "x-request-id"));
            double took = (span.getEndTimeUnixNano() - span.getStartTimeUnixNano()) / 1e6;
            double waited = Double.parseDouble(attributes.get("marina.start_wait_ms"));
            double upstream = Double.parseDouble(attributes.get("marina.upstream_ms"));
            assertThat(waited).as("it waited for the start").isPositive();
            assertThat(upstream).isPositive();
            assertThat(waited + upstream).isLessThanOrEqualTo(took + 1);
            assertThat(attributes.values()).noneMatch(value -> value.contains("secret"));
        }
    }

    @Test
    void aTraceThatIsUnderWayGoesOnWithItsState() {
        try (MarinaUnderTest marina = marina(", sample: 0")) {
            String seen = marina.get(
                            "/app/x", "traceparent", "00-" + TRACE + "-" + PARENT + "-01", "tracestate", "a=1,b=2")
                    .body();
            Span span = only();
            assertThat(hex(span.getTraceId())).isEqualTo(TRACE);
            assertThat(hex(span.getParentSpanId())).isEqualTo(PARENT);
            assertThat(told(seen, "traceparent")).isEqualTo("00-" + TRACE + "-" + hex(span.getSpanId()) + "-01");
            assertThat(told(seen, "tracestate")).isEqualTo("a=1,b=2");
        }
    }

    @Test
    void whatIsNotSampledIsNotSentAndStaysAsItCame() {
        try (MarinaUnderTest marina = marina(", sample: 0")) {
            String unsampled = "00-" + TRACE + "-" + PARENT + "-00";
            assertThat(told(marina.get("/app/x", "traceparent", unsampled).body(), "traceparent"))
                    .isEqualTo(unsampled);
            assertThat(told(marina.get("/app/x").body(), "traceparent")).matches("00-.*-0[02]");
            assertThat(told(
                            marina.get("/app/x", "traceparent", "nonsense", "tracestate", "a=1")
                                    .body(),
                            "traceparent"))
                    .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-0[02]");
            assertThat(marina.get("/app/x", "traceparent", "nonsense", "tracestate", "a=1")
                            .body())
                    .doesNotContain("tracestate");
            marina.get("/app/last", "traceparent", "00-" + TRACE + "-" + PARENT + "-01");
            assertThat(attributes(only())).containsEntry("url.path", "/app/last");
        }
    }

    @Test
    void withoutTracingTheFieldsAreLeftAlone() {
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                base, "contexts:\n  /app: { command: [node, app.js], directory: %s }\n".formatted(APPS))) {
            String parent = "00-" + TRACE + "-" + PARENT + "-01";
            String seen = marina.get("/app/x", "traceparent", parent, "tracestate", "a=1")
                    .body();
            assertThat(told(seen, "traceparent")).isEqualTo(parent);
            assertThat(told(seen, "tracestate")).isEqualTo("a=1");
            assertThat(marina.get("/app/x").body()).doesNotContain("traceparent");
        }
    }

    @Test
    void whileTheCollectorIsAwayRequestsAreAnsweredAndSpansDroppedAndCounted() {
        try (MarinaUnderTest marina = marina(", queue: 4")) {
            collector.close();
            for (int i = 0; i < 30; i++) {
                assertThat(marina.get("/app/x").statusCode()).isEqualTo(200);
            }
            await().untilAsserted(() -> assertThat(MetricsPage.of(marina).value("marina_tracing_dropped_spans_total"))
                    .isGreaterThanOrEqualTo(20));
            assertThat(MetricsPage.of(marina).value("marina_tracing_spans_total"))
                    .isZero();
        }
    }

    @Test
    void anAnswerOf5xxIsAnErrorAndAReloadEndsTracing() {
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                base,
                "tracing: { endpoint: \"%s\" }\ncontexts:\n  /gone: { upstream: \"http://127.0.0.1:1\" }\n"
                        .formatted(collector.endpoint()))) {
            assertThat(marina.get("/gone/x").statusCode()).isEqualTo(502);
            assertThat(only().getStatus().getCode())
                    .isEqualTo(io.opentelemetry.proto.trace.v1.Status.StatusCode.STATUS_CODE_ERROR);
            marina.reload("contexts:\n  /gone: { upstream: \"http://127.0.0.1:1\" }\n");
            marina.get("/gone/x");
            marina.reload("tracing: { endpoint: \"%s\" }\ncontexts:\n  /gone: { upstream: \"http://127.0.0.1:1\" }\n"
                    .formatted(collector.endpoint()));
            marina.get("/gone/y");
            await().until(() -> collector.spans().size() >= 2);
            assertThat(attributes(collector.spans().get(1))).containsEntry("url.path", "/gone/y");
        }
    }
}
