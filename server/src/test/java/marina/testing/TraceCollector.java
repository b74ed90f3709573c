package marina.testing;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A collector of traces on loopback, OTLP over HTTP, that keeps what it gets. */
public final class TraceCollector implements AutoCloseable {
    private final List<Span> spans = new CopyOnWriteArrayList<>();
    private final List<String> services = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    /** Listens at once. */
    public TraceCollector() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", exchange -> {
            ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(exchange.getRequestBody());
            request.getResourceSpansList().forEach(resource -> {
                services.add(
                        attributes(resource.getResource().getAttributesList()).get("service.name"));
                resource.getScopeSpansList().forEach(scope -> spans.addAll(scope.getSpansList()));
            });
            exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    /** What {@code tracing.endpoint} must say. */
    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces";
    }

    /** All spans so far. */
    public List<Span> spans() {
        return spans;
    }

    /** The names of the services that they are from, in the order in which these have sent some. */
    public List<String> services() {
        return services;
    }

    /** Waits for the span that has an attribute with a value. */
    public Span spanWith(String attribute, String value) {
        return first(span -> value.equals(attributes(span).get(attribute)));
    }

    /** Waits for the span with an id. */
    public Span span(String id) {
        return first(span -> hex(span.getSpanId()).equals(id));
    }

    private Span first(Predicate<Span> wanted) {
        return await().until(() -> spans.stream().filter(wanted).findFirst(), Optional::isPresent)
                .orElseThrow();
    }

    /** The attributes of a span as text. */
    public static Map<String, String> attributes(Span span) {
        return attributes(span.getAttributesList());
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

    /** An id as it is written. */
    public static String hex(ByteString id) {
        return HexFormat.of().formatHex(id.toByteArray());
    }

    /** Is away from now on. */
    @Override
    public void close() {
        server.stop(0);
    }
}
