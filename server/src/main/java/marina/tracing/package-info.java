/** Requests as spans of distributed traces: W3C trace context in and out, OTLP over HTTP to a collector. */
@NullMarked
package marina.tracing;

import org.jspecify.annotations.NullMarked;
