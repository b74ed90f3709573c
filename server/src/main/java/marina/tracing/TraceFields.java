package marina.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/** The fields traceparent and tracestate of requests (W3C Trace Context). Pure. */
final class TraceFields {
    private static final String PARENT = "traceparent";
    private static final String STATE = "tracestate";

    private static final TextMapGetter<HttpFields> GETTER = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(HttpFields fields) {
            return fields.getFieldNamesCollection();
        }

        /** Two parents are none; several states are one list. */
        @Override
        public @Nullable String get(@Nullable HttpFields fields, String name) {
            List<String> values = fields == null ? List.of() : fields.getValuesList(name);
            boolean unclear = values.isEmpty() || (values.size() > 1 && PARENT.equals(name));
            return unclear ? null : String.join(",", values);
        }
    };

    private TraceFields() {}

    /** The trace that a request is a part of already; without one the root. */
    static Context parent(HttpFields fields) {
        return fields.contains(PARENT)
                ? W3CTraceContextPropagator.getInstance().extract(Context.root(), fields, GETTER)
                : Context.root();
    }

    /** Whether there was one. */
    static boolean isPart(Context parent) {
        return Span.fromContext(parent).getSpanContext().isValid();
    }

    /** The fields with which a request goes on as a child of a span; the state of a trace stays as it came. */
    static HttpFields with(HttpFields fields, SpanContext span, boolean keepState) {
        HttpFields.Mutable told = HttpFields.build(fields);
        told.put(
                PARENT,
                "00-" + span.getTraceId() + "-" + span.getSpanId() + "-"
                        + span.getTraceFlags().asHex());
        if (!keepState) {
            told.remove(STATE); // it belongs to no trace that could be told
        }
        return told;
    }
}
