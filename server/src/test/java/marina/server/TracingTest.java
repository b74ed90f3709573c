package marina.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import marina.testing.MarinaUnderTest;
import marina.testing.MetricsPage;
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

    private final List<Span> spans = new CopyOnWriteArrayList<>();
    private final AtomicReference<String> service = new AtomicReference<>("");
    private HttpServer collector;

    @BeforeEach
    void collect() throws IOException {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/traces", exchange -> {
            ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(exchange.getRequestBody());
            request.getResourceSpansList().forEach(resource -> {
                service.set(
                        attributes(resource.getResource().getAttributesList()).get("service.name"));
                resource.getScopeSpansList().forEach(scope -> spans.addAll(scope.getSpansList()));
            });
            exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
    }

    @AfterEach
    void stop() {
        collector.stop(0);
    }

    private MarinaUnderTest marina(String tracing) {
        return MarinaUnderTest.start(
                base,
                """
                metrics: { listen: "127.0.0.1:0" }
                tracing: { endpoint: "http://127.0.0.1:%d/v1/traces"%s }
                contexts:
                  /app: { command: [node, app.js], directory: %s }
                """
                        .formatted(collector.getAddress().getPort(), tracing, APPS));
    }

    private static Map<String, String> attributes(List<KeyValue> list) {
        return list.stream().collect(Collectors.toMap(KeyValue::getKey, one -> text(one.getValue())));
    }

    private static String text(AnyValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE -> value.getStringValue();
            case INT_VALUE -> Long.toString(value.getIntValue());
            case DOUBLE_VALUE -> Double.toString(value.getDoubleValue());
            default -> value.toString();
        };
    }

    private static String hex(com.google.protobuf.ByteString id) {
        return HexFormat.of().formatHex(id.toByteArray());
    }

    private static String told(String body, String field) {
        int at = body.indexOf("\"" + field + "\":\"");
        return at < 0 ? "" : body.substring(at + field.length() + 4, body.indexOf('"', at + field.length() + 4));
    }

    private Span only() {
        await().until(() -> !spans.isEmpty());
        assertThat(spans).hasSize(1);
        return spans.get(0);
    }

    @Test
    void aRequestBecomesASpanThatTheApplicationIsToldOf() {
        try (MarinaUnderTest marina = marina(", service: lists")) {
            String seen = marina.get("/app/x?secret=1").body();
            Span span = only();
            assertThat(told(seen, "traceparent"))
                    .matches("00-" + hex(span.getTraceId()) + "-" + hex(span.getSpanId()) + "-0[13]"); // sampled
            assertThat(service.get()).isEqualTo("lists");
            assertThat(span.getName()).isEqualTo("GET /app");
            assertThat(span.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
            assertThat(span.getParentSpanId().isEmpty()).isTrue();
            Map<String, String> attributes = attributes(span.getAttributesList());
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
            assertThat(attributes(only().getAttributesList())).containsEntry("url.path", "/app/last");
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
            collector.stop(0);
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
                "tracing: { endpoint: \"http://127.0.0.1:%d/v1/traces\" }\ncontexts:\n  /gone: { upstream: \"http://127.0.0.1:1\" }\n"
                        .formatted(collector.getAddress().getPort()))) {
            assertThat(marina.get("/gone/x").statusCode()).isEqualTo(502);
            assertThat(only().getStatus().getCode())
                    .isEqualTo(io.opentelemetry.proto.trace.v1.Status.StatusCode.STATUS_CODE_ERROR);
            marina.reload("contexts:\n  /gone: { upstream: \"http://127.0.0.1:1\" }\n");
            marina.get("/gone/x");
            marina.reload(
                    "tracing: { endpoint: \"http://127.0.0.1:%d/v1/traces\" }\ncontexts:\n  /gone: { upstream: \"http://127.0.0.1:1\" }\n"
                            .formatted(collector.getAddress().getPort()));
            marina.get("/gone/y");
            await().until(() -> spans.size() >= 2);
            assertThat(attributes(spans.get(1).getAttributesList())).containsEntry("url.path", "/gone/y");
        }
    }
}
