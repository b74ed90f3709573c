package marina.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.instrumentation.jvm.JvmBufferPoolMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmClassLoadingMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmRuntimeInfoMetric;
import io.prometheus.metrics.instrumentation.jvm.JvmThreadsMetrics;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The text that Prometheus reads: what a server tells of itself and what the JVM tells, under the names that everybody uses for it.
 * Nothing is kept between two readings. Thread-safe.
 */
public final class Exposition {
    private final Consumer<Families> source;
    private final ExpositionFormats formats = ExpositionFormats.init();
    private final PrometheusRegistry jvm = new PrometheusRegistry();

    /**
     * A text and what it is.
     *
     * @param type the media type
     * @param text of all metrics
     */
    @SuppressWarnings("ArrayRecordComponent") // made for one answer
    public record Page(String type, byte[] text) {}

    /** What a source tells, and the JVM. */
    public Exposition(Consumer<Families> source) {
        this.source = source;
        JvmBufferPoolMetrics.builder().register(jvm);
        JvmClassLoadingMetrics.builder().register(jvm);
        JvmGarbageCollectorMetrics.builder().register(jvm);
        JvmMemoryMetrics.builder().register(jvm);
        JvmRuntimeInfoMetric.builder().register(jvm);
        JvmThreadsMetrics.builder().register(jvm);
        ProcessMetrics.builder().register(jvm);
    }

    /**
     * All metrics as they are now.
     *
     * @param accept what the reader would like: Prometheus' text (0.0.4) unless it asks for OpenMetrics
     */
    public Page read(@Nullable String accept) {
        boolean openMetrics = accept != null && accept.contains("application/openmetrics-text");
        ExpositionFormatWriter writer =
                openMetrics ? formats.getOpenMetricsTextFormatWriter() : formats.getPrometheusTextFormatWriter();
        Families families = new Families();
        source.accept(families);
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        families.snapshots().forEach(all::metricSnapshot);
        jvm.scrape().forEach(all::metricSnapshot);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            writer.write(text, all.build());
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail to be written
        }
        return new Page(writer.getContentType(), text.toByteArray());
    }
}
