package marina.server;

import static marina.testing.TraceCollector.attributes;
import static marina.testing.TraceCollector.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import marina.testing.FleetBed;
import marina.testing.HeadEcho;
import marina.testing.MarinaUnderTest;
import marina.testing.TraceCollector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A trace goes on in applications of every kind, and from one machine to the next. */
@SuppressWarnings("NullAway.Init")
class TracedApplicationsTest {
    private static final Path APP =
            Path.of("src", "test", "resources", "apps", "app.js").toAbsolutePath();
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00f067aa0ba902b7";
    private static final Pattern TOLD = Pattern.compile("(?i)traceparent[\": ]+(00-[-0-9a-f]+)");

    @TempDir
    private static Path base;

    private static TraceCollector collector;
    private static HeadEcho upstream;
    private static MarinaUnderTest marina;

    @BeforeAll
    static void start() throws IOException {
        collector = new TraceCollector();
        upstream = new HeadEcho("upstream");
        MarinaUnderTest.write(
                base,
                "webapps/show/WEB-INF/web.xml",
                "<web-app xmlns=\"https://jakarta.ee/xml/ns/jakartaee\" version=\"6.0\"/>");
        MarinaUnderTest.write(
                base,
                "webapps/show/x.jsp",
                "traceparent: <%= request.getHeader(\"traceparent\") %> tracestate: <%= request.getHeader(\"tracestate\") %>");
        MarinaUnderTest.write(
                base,
                "show.sh",
                """
                #!/bin/sh
                echo Content-Type: text/plain
                echo
                echo "traceparent: $HTTP_TRACEPARENT tracestate: $HTTP_TRACESTATE"
                """);
        assertThat(base.resolve("show.sh").toFile().setExecutable(true)).isTrue();
        marina = MarinaUnderTest.start(
                base,
                """
                tracing: { endpoint: "%s" }
                defaults: { page_after: 1m }
                contexts:
                  /war: { war: show }
                  /process: { war: show, isolation: process }
                  /cgi: { cgi: show.sh }
                  /upstream: { upstream: "%s" }
                """
                        .formatted(collector.endpoint(), upstream.url()));
    }

    @AfterAll
    static void stop() throws IOException {
        marina.close();
        upstream.close();
        collector.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/war", "/process", "/cgi", "/upstream"})
    void anApplicationIsToldOfTheSpanThatTheCollectorGets(String context) {
        String path = context + "/x.jsp";
        String seen = marina.get(path, "traceparent", "00-" + TRACE + "-" + PARENT + "-01", "tracestate", "a=1")
                .body();
        Span span = collector.spanWith("url.path", path);
        assertThat(told(seen)).isEqualTo("00-" + TRACE + "-" + hex(span.getSpanId()) + "-01");
        assertThat(seen.toLowerCase(Locale.ROOT)).contains("tracestate: a=1");
        assertThat(hex(span.getTraceId())).isEqualTo(TRACE);
        assertThat(hex(span.getParentSpanId())).isEqualTo(PARENT);
        assertThat(attributes(span))
                .containsEntry("marina.context", context)
                .containsEntry("http.response.status_code", "200");
    }

    /** The first machine forwards the request to the second one, whose span is a child of its own. */
    @Test
    void aRequestThatAnotherMachineAnswersIsOneTrace(@TempDir Path fleet) throws IOException {
        try (FleetBed bed = new FleetBed(fleet)) {
            bed.dns().ttl(300).address("marina-syd.svc", "127.0.0.1");
            String tracing = "tracing: { endpoint: \"" + collector.endpoint() + "\", service: %s }\n";
            String contexts = "contexts: { /hop: { command: [node, \"" + APP + "\"], region: syd } }\n";
            String form = "fleet: { platform: dns, dns: { server: \"DNS\", timeout: 5s }, peers: %s }\n";
            MarinaUnderTest syd = bed.elsewhere(
                    "syd",
                    form.formatted("{ syd: \"http://127.0.0.1:1\" }") + tracing.formatted("syd")
                            + "trusted_proxies: [loopback]\n" + contexts);
            MarinaUnderTest ewr = bed.elsewhere(
                    "ewr",
                    form.formatted("\"http://marina-{region}.svc:" + FleetBed.port(syd) + "\"")
                            + tracing.formatted("ewr")
                            + contexts);

            String seen = ewr.get("/hop/x").body();
            Span second = collector.span(told(seen).split("-", -1)[2]);
            Span first = collector.span(hex(second.getParentSpanId()));
            assertThat(attributes(first).get("marina.decision")).startsWith("proxy:syd");
            assertThat(told(seen)).contains(hex(first.getTraceId()));
            assertThat(second.getTraceId()).isEqualTo(first.getTraceId());
            assertThat(second.getParentSpanId()).isEqualTo(first.getSpanId());
            assertThat(first.getParentSpanId().isEmpty()).isTrue();
            assertThat(collector.services()).contains("ewr", "syd");
        }
    }

    private static String told(String body) {
        Matcher matcher = TOLD.matcher(body);
        assertThat(matcher.find()).as(body).isTrue();
        return matcher.group(1);
    }
}
