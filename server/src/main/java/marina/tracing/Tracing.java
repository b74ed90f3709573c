package marina.tracing;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.export.RetryPolicy;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import marina.config.TracingConfig;
import marina.metrics.Journey;
import marina.proxy.ClientAddress;
import marina.proxy.RequestId;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Makes a span of each request that belongs to a sampled trace, or begins one, and sends it to a collector. Never blocks a request.
 * Thread-safe.
 */
public final class Tracing implements AutoCloseable {
    /** What the exporter says at each failure, in a log of its own; {@link SpanQueue} tells the operator once. Kept, for it is else forgotten. */
    private static final Logger QUIET = Logger.getLogger("io.opentelemetry.exporter");

    private static final AttributeKey<String> CONTEXT = AttributeKey.stringKey("marina.context");
    private static final AttributeKey<String> DECISION = AttributeKey.stringKey("marina.decision");
    private static final AttributeKey<String> REQUEST_ID = AttributeKey.stringKey("marina.request_id");
    private static final AttributeKey<Double> WAIT = AttributeKey.doubleKey("marina.start_wait_ms");
    private static final AttributeKey<Double> UPSTREAM = AttributeKey.doubleKey("marina.upstream_ms");
    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
    private static final AttributeKey<String> SCHEME = AttributeKey.stringKey("url.scheme");
    private static final AttributeKey<String> PATH = AttributeKey.stringKey("url.path");
    private static final AttributeKey<String> SERVER = AttributeKey.stringKey("server.address");
    private static final AttributeKey<String> CLIENT = AttributeKey.stringKey("client.address");
    private static final AttributeKey<String> AGENT = AttributeKey.stringKey("user_agent.original");
    private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int TRIES = 2;
    private static final long LAST_SPANS_SECONDS = 2;
    private static final int SERVER_ERROR = 500;
    private static final double NANOS_PER_MILLI = 1_000_000;

    private final TracingConfig config;
    private final SpanQueue queue;
    private final SdkTracerProvider provider;
    private final Tracer tracer;

    /**
     * Begins to trace.
     *
     * @param config which must be enabled
     * @param version of this server
     * @param machine the name of this machine
     */
    public Tracing(TracingConfig config, String version, String machine) {
        QUIET.setLevel(Level.OFF);
        this.config = config;
        queue = new SpanQueue(
                OtlpHttpSpanExporter.builder()
                        .setEndpoint(config.endpoint().toString())
                        .setTimeout(TIMEOUT)
                        .setConnectTimeout(TIMEOUT)
                        .setRetryPolicy(
                                RetryPolicy.builder().setMaxAttempts(TRIES).build())
                        .build(),
                config.endpoint().getHost() + ":" + config.endpoint().getPort(),
                config.queue());
        provider = SdkTracerProvider.builder()
                .setResource(Resource.create(Attributes.of(
                        AttributeKey.stringKey("service.name"), config.service(),
                        AttributeKey.stringKey("service.version"), version,
                        AttributeKey.stringKey("host.name"), machine)))
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(config.sample())))
                .addSpanProcessor(queue)
                .build();
        tracer = provider.get("marina", version);
    }

    /** What it was made from. */
    public TracingConfig config() {
        return config;
    }

    /** Spans that the collector has taken. */
    public long sent() {
        return queue.sent();
    }

    /** Spans that it never got: it is away, or too slow. */
    public long dropped() {
        return queue.dropped();
    }

    /**
     * Makes a request part of a trace: of that which it says it is in, else of a new one.
     *
     * @return the fields with which it goes on; those of a trace that is not sampled stay as they are
     */
    public HttpFields begin(String method, HttpFields fields, Journey journey) {
        Context parent = TraceFields.parent(fields);
        boolean isPart = TraceFields.isPart(parent);
        Span span = tracer.spanBuilder(method)
                .setParent(parent)
                .setSpanKind(SpanKind.SERVER)
                .startSpan();
        if (span.isRecording()) {
            journey.trace(new Part(this, span));
        } else if (isPart) {
            return fields;
        }
        return TraceFields.with(fields, span.getSpanContext(), isPart);
    }

    /**
     * Ends the span of a request, if it has one.
     *
     * @param decision what was decided of a request with a place; null for nothing
     */
    public static void end(Request request, Journey journey, int status, @Nullable Object decision) {
        if (journey.trace() instanceof Part part) {
            part.tracing.end(part.span, request, journey, status, decision);
        }
    }

    private void end(Span span, Request request, Journey journey, int status, @Nullable Object decision) {
        String context = journey.path();
        span.updateName(context.isEmpty() ? request.getMethod() : request.getMethod() + " " + context);
        span.setAttribute(METHOD, request.getMethod());
        span.setAttribute(STATUS, (long) status);
        set(span, SCHEME, request.getHttpURI().getScheme());
        set(span, PATH, request.getHttpURI().getCanonicalPath());
        set(span, SERVER, Request.getServerName(request));
        set(span, CLIENT, ClientAddress.of(request));
        set(span, AGENT, request.getHeaders().get(HttpHeader.USER_AGENT));
        set(span, REQUEST_ID, request.getHeaders().get(RequestId.FIELD));
        if (!context.isEmpty()) {
            span.setAttribute(ROUTE, context);
            span.setAttribute(CONTEXT, context);
        }
        if (decision != null) {
            span.setAttribute(DECISION, decision.toString());
        }
        if (journey.waitedNanos() > 0) {
            span.setAttribute(WAIT, journey.waitedNanos() / NANOS_PER_MILLI);
        }
        if (journey.upstreamNanos() >= 0) {
            span.setAttribute(UPSTREAM, journey.upstreamNanos() / NANOS_PER_MILLI);
        }
        if (status >= SERVER_ERROR) {
            span.setStatus(StatusCode.ERROR);
            span.setAttribute(ERROR, Integer.toString(status));
        }
        span.end();
    }

    private static void set(Span span, AttributeKey<String> key, @Nullable String value) {
        if (value != null) {
            span.setAttribute(key, value);
        }
    }

    /** Sends what waits, for two seconds at most. */
    @Override
    public void close() {
        var unused = provider.shutdown().join(LAST_SPANS_SECONDS, TimeUnit.SECONDS);
    }

    /** A span and who has made it; its trace may end after a reload that has brought another. */
    private record Part(Tracing tracing, Span span) {}
}
