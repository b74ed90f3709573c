package bench;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What one round of load has shown.
 *
 * @param rate answers, or round trips, in a second
 * @param p99Millis of the time to an answer; NaN where the generator does not tell
 * @param cpuMicros of the server, for each answer
 * @param errors answers that were none, or had another status than 2xx
 */
record Sample(double rate, double p99Millis, double cpuMicros, long errors) {

    /** The middle one of a figure of several rounds; NaN without any. */
    static double median(List<Sample> samples, ToDoubleFunction<Sample> figure) {
        double[] sorted = samples.stream().mapToDouble(figure).sorted().toArray();
        if (sorted.length == 0) {
            return Double.NaN;
        }
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    static long errors(List<Sample> samples) {
        return samples.stream().mapToLong(Sample::errors).sum();
    }
}
