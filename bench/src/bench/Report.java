package bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The tables, as Markdown. */
final class Report {
    private final List<String> lines = new ArrayList<>();

    void say(String line) {
        lines.add(line);
    }

    /** Rates, ratios, 99th percentiles and processor time of each scenario, in the order of the scenarios. */
    void scenarios(Map<Scenario, Map<String, List<Sample>>> results) {
        say("| scenario | ratio | must | goal | others, ratio of Marina to them | p99 ms, Marina / reference | CPU µs, Marina / reference | errors |");
        say("|---|---|---|---|---|---|---|---|");
        results.forEach((scenario, samples) -> say(row(scenario, samples)));
        say("");
        say("| scenario | answers per second |");
        say("|---|---|");
        results.forEach((scenario, samples) -> {
            List<String> rates = new ArrayList<>();
            samples.forEach((server, rounds) -> rates.add(server + " " + count(Sample.median(rounds, Sample::rate))));
            say("| " + scenario.title() + " | " + String.join(", ", rates) + " |");
        });
    }

    private static String row(Scenario scenario, Map<String, List<Sample>> samples) {
        List<Sample> marina = samples.getOrDefault(scenario.subject(), List.of());
        List<Sample> reference = samples.getOrDefault(scenario.reference(), List.of());
        double ratio = ratio(marina, reference);
        List<String> others = new ArrayList<>();
        samples.forEach((server, rounds) -> {
            if (!server.equals(scenario.subject()) && !server.equals(scenario.reference())) {
                others.add(server + " " + two(ratio(marina, rounds)));
            }
        });
        String verdict = Double.isNaN(ratio) ? "" : ratio >= scenario.goal() ? " ✓✓" : ratio >= scenario.must() ? " ✓" : " ✗";
        long errors = samples.values().stream().mapToLong(Sample::errors).sum();
        return "| " + String.join(" | ", scenario.title() + " (to " + scenario.reference() + ")", two(ratio) + verdict, two(scenario.must()),
                two(scenario.goal()), String.join(", ", others), both(marina, reference, Sample::p99Millis),
                both(marina, reference, Sample::cpuMicros), Long.toString(errors)) + " |";
    }

    private static double ratio(List<Sample> marina, List<Sample> other) {
        return Sample.median(marina, Sample::rate) / Sample.median(other, Sample::rate);
    }

    private static String both(List<Sample> one, List<Sample> other, ToDoubleFunction<Sample> figure) {
        return two(Sample.median(one, figure)) + " / " + two(Sample.median(other, figure));
    }

    static String two(double number) {
        if (Double.isNaN(number)) {
            return "–";
        }
        return String.format(Locale.ROOT, number >= 100 ? "%.0f" : "%.2f", number);
    }

    private static String count(double number) {
        return String.format(Locale.ROOT, number >= 100 ? "%,.0f" : "%.1f", number);
    }

    String text() {
        return String.join("\n", lines) + "\n";
    }
}
