package marina.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The numbers of one moment on their way to Prometheus: families of metrics, each with a row for each set of labels. Made for one
 * reading, by one thread. Labels are names and values in turn.
 */
public final class Families {
    /** Milliseconds; each is a bound of {@link Latencies}, too. */
    private static final long[] BOUNDS = {
        1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000
    };

    private static final double THOUSAND = 1_000;

    private final Map<MetricMetadata, List<CounterDataPointSnapshot>> counters = new LinkedHashMap<>();
    private final Map<MetricMetadata, List<GaugeDataPointSnapshot>> gauges = new LinkedHashMap<>();
    private final Map<MetricMetadata, List<HistogramDataPointSnapshot>> histograms = new LinkedHashMap<>();
    private final List<MetricSnapshot> infos = new ArrayList<>();
    private final Map<String, MetricMetadata> known = new LinkedHashMap<>();

    /** None. */
    Families() {}

    /** What only grows; {@code name} is without the {@code _total} that is added to it. */
    public void counter(String name, String help, double value, String... labels) {
        counters.computeIfAbsent(metadata(name, help), unused -> new ArrayList<>())
                .add(CounterDataPointSnapshot.builder()
                        .value(value)
                        .labels(Labels.of(labels))
                        .build());
    }

    /** As above, of whole numbers. */
    public void counter(String name, String help, long value, String... labels) {
        counter(name, help, (double) value, labels);
    }

    /** What goes up and down, of whole numbers. */
    public void gauge(String name, String help, long value, String... labels) {
        gauge(name, help, (double) value, labels);
    }

    /** What goes up and down. */
    public void gauge(String name, String help, double value, String... labels) {
        gauges.computeIfAbsent(metadata(name, help), unused -> new ArrayList<>())
                .add(GaugeDataPointSnapshot.builder()
                        .value(value)
                        .labels(Labels.of(labels))
                        .build());
    }

    /** A row that only has labels; {@code name} is without the {@code _info} that is added to it. */
    public void info(String name, String help, String... labels) {
        infos.add(new InfoSnapshot(
                metadata(name, help), List.of(new InfoSnapshot.InfoDataPointSnapshot(Labels.of(labels)))));
    }

    /** The latencies of requests, in seconds. */
    public void histogram(String name, String help, TrafficStatus traffic, String... labels) {
        histogram(name, help, traffic.all(), labels);
    }

    /** How long starts took, in seconds. */
    public void histogram(String name, String help, ContextMeter.Starts starts, String... labels) {
        histogram(name, help, starts.times(), labels);
    }

    private void histogram(String name, String help, Latencies.Snapshot times, String... labels) {
        double[] bounds = new double[BOUNDS.length + 1];
        long[] counts = new long[BOUNDS.length + 1];
        long below = 0;
        for (int i = 0; i < BOUNDS.length; i++) {
            long upTo = times.upTo(TimeUnit.MILLISECONDS.toNanos(BOUNDS[i]));
            bounds[i] = BOUNDS[i] / THOUSAND;
            counts[i] = upTo - below;
            below = upTo;
        }
        bounds[BOUNDS.length] = Double.POSITIVE_INFINITY;
        counts[BOUNDS.length] = times.count() - below;
        histograms
                .computeIfAbsent(metadata(name, help), unused -> new ArrayList<>())
                .add(new HistogramDataPointSnapshot(
                        ClassicHistogramBuckets.of(bounds, counts),
                        Latencies.seconds(times.nanos()),
                        Labels.of(labels),
                        null,
                        0));
    }

    private MetricMetadata metadata(String name, String help) {
        return known.computeIfAbsent(name, unused -> new MetricMetadata(name, help));
    }

    List<MetricSnapshot> snapshots() {
        List<MetricSnapshot> all = new ArrayList<>(infos);
        counters.forEach((metadata, rows) -> all.add(new CounterSnapshot(metadata, rows)));
        gauges.forEach((metadata, rows) -> all.add(new GaugeSnapshot(metadata, rows)));
        histograms.forEach((metadata, rows) -> all.add(new HistogramSnapshot(metadata, rows)));
        return all;
    }
}
