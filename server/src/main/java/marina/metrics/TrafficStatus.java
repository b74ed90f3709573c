package marina.metrics;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The requests of a context or of the server at one moment. Immutable. */
public final class TrafficStatus {
    /** Classes of status codes, 1xx to 5xx. */
    public static final int CLASSES = 5;

    /** Of one that nobody has asked. */
    static final TrafficStatus NONE = new TrafficStatus(new long[CLASSES], 0, 0, 0, 0, 0, 0, 0, nothing(), nothing());

    private static final double P50 = 0.5;
    private static final double P95 = 0.95;
    private static final double P99 = 0.99;
    private static final double THOUSAND = 1_000;

    private final long[] classes;
    private final long received;
    private final long sent;
    private final long waits;
    private final long waitNanos;
    private final long upgrades;
    private final int open;
    private final double perSecond;
    private final Latencies.Snapshot all;
    private final Latencies.Snapshot recent;

    TrafficStatus(
            long[] classes,
            long received,
            long sent,
            long waits,
            long waitNanos,
            long upgrades,
            int open,
            double perSecond,
            Latencies.Snapshot all,
            Latencies.Snapshot recent) {
        this.classes = classes;
        this.received = received;
        this.sent = sent;
        this.waits = waits;
        this.waitNanos = waitNanos;
        this.upgrades = upgrades;
        this.open = open;
        this.perSecond = perSecond;
        this.all = all;
        this.recent = recent;
    }

    private static Latencies.Snapshot nothing() {
        return new Latencies().snapshot();
    }

    /** Requests that have been answered. */
    public long requests() {
        return Arrays.stream(classes).sum();
    }

    /** Answers of a class: 2 for those from 200 to 299. 499 is one of 4, and 5 holds all above. */
    public long answers(int statusClass) {
        return classes[statusClass - 1];
    }

    /** Bytes of the bodies of requests. */
    public long received() {
        return received;
    }

    /** Bytes of the bodies of answers. */
    public long sent() {
        return sent;
    }

    /** Requests that have waited for a start. */
    public long waits() {
        return waits;
    }

    /** How long they have, all together, in seconds. */
    public double waitSeconds() {
        return Latencies.seconds(waitNanos);
    }

    /** Connections that have become WebSockets or the like. */
    public long upgrades() {
        return upgrades;
    }

    /** How many of them are open. */
    public int open() {
        return open;
    }

    /** Requests per second over the last ten seconds. */
    public double perSecond() {
        return perSecond;
    }

    /** The times of all requests. */
    Latencies.Snapshot all() {
        return all;
    }

    /** The latencies of the last minute: mean, p50, p95 and p99 in milliseconds, rounded to microseconds; null when there are none. */
    public @Nullable Map<String, Object> latencyMillis() {
        if (recent.count() == 0) {
            return null;
        }
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("mean", rounded(recent.meanMillis()));
        map.put("p50", rounded(recent.quantileMillis(P50)));
        map.put("p95", rounded(recent.quantileMillis(P95)));
        map.put("p99", rounded(recent.quantileMillis(P99)));
        return map;
    }

    /** All of it for people, as names and values of JSON types, in a fixed order. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("per_second", rounded(perSecond));
        map.put("latency_ms", latencyMillis());
        Map<String, Object> answers = new LinkedHashMap<>();
        for (int i = 1; i <= classes.length; i++) {
            answers.put(i + "xx", answers(i));
        }
        map.put("answers", answers);
        map.put("bytes_in", received);
        map.put("bytes_out", sent);
        map.put("websockets", open);
        return map;
    }

    private static double rounded(double value) {
        return Math.round(value * THOUSAND) / THOUSAND;
    }
}
