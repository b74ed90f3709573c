package marina.config;

import java.net.URI;

/**
 * Where traces of requests go.
 *
 * @param endpoint the URL that takes OTLP over HTTP, {@code http://collector:4318/v1/traces}; empty for no tracing
 * @param sample the share of traces that begin here and are exported, from 0 to 1
 * @param service the name that this server goes by in traces
 * @param queue spans that wait to be sent; what finds it full is dropped and counted
 */
public record TracingConfig(URI endpoint, double sample, String service, int queue) {
    /** No tracing. */
    static final URI NOWHERE = URI.create("");

    /** Whether requests are traced. */
    public boolean enabled() {
        return !endpoint.equals(NOWHERE);
    }
}
