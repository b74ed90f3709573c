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
        results.forEach((scenario, samples) -> {
            say(row(scenario, samples));
            if (scenario.costs()) {
                say(cost(scenario, samples, "99th percentile of the latency", 1.2, Sample::p99Millis));
                say(cost(scenario, samples, "processor time of an answer", 1.5, Sample::cpuMicros));
            }
        });
        say("");
        others(results);
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
        String verdict = verdict(ratio, scenario.must(), scenario.goal(), marina, reference);
        long errors = samples.values().stream().mapToLong(Sample::errors).sum();
        return "| " + String.join(" | ", scenario.title() + " (to " + scenario.reference() + ")", two(ratio) + verdict, two(scenario.must()),
                two(scenario.goal()), String.join(", ", others), both(marina, reference, Sample::p99Millis),
                both(marina, reference, Sample::cpuMicros), Long.toString(errors)) + " |";
    }

    /** What an answer costs, in parts of what it costs the reference: here less is better. */
    private static String cost(
            Scenario scenario, Map<String, List<Sample>> samples, String what, double must, ToDoubleFunction<Sample> figure) {
        List<Sample> marina = samples.getOrDefault(scenario.subject(), List.of());
        List<Sample> reference = samples.getOrDefault(scenario.reference(), List.of());
        double ratio = Sample.median(marina, figure) / Sample.median(reference, figure);
        return "| … " + what + " (to " + scenario.reference() + ", less is better) | " + two(ratio) + verdict(-ratio, -must, -1, marina, reference)
                + " | ≤ " + two(must) + " | ≤ 1.00 | | | | |";
    }

    /** The marks of those who are left far behind, and what the fastest of all proxies could have: as much as there is without one. */
    private void others(Map<Scenario, Map<String, List<Sample>>> results) {
        say("| scenario | ratio to Navigator, must 4 | ratio to Caddy, must 2 | no proxy at all, ratio to Caddy |");
        say("|---|---|---|---|");
        results.forEach((scenario, samples) -> {
            if (samples.containsKey("navigator") || samples.containsKey("caddy")) {
                List<Sample> marina = samples.getOrDefault(scenario.subject(), List.of());
                List<Sample> caddy = samples.get("caddy");
                List<Sample> direct = samples.keySet().stream().filter(Scenario::isDirect).map(samples::get).findFirst().orElse(List.of());
                String bound = caddy == null ? "–" : two(ratio(direct, caddy));
                say("| " + scenario.title() + " | " + marked(marina, samples.get("navigator"), 4) + " | " + marked(marina, caddy, 2) + " | " + bound + " |");
            }
        });
        say("");
    }

    private static String marked(List<Sample> marina, List<Sample> other, double must) {
        return other == null ? "–" : two(ratio(marina, other)) + verdict(ratio(marina, other), must, Double.MAX_VALUE, marina, other);
    }

    private static String verdict(double figure, double must, double goal, List<Sample> marina, List<Sample> other) {
        if (Double.isNaN(figure)) {
            return "";
        }
        if (Sample.errors(marina) + Sample.errors(other) > 0) {
            return " ?";
        }
        return figure >= goal ? " ✓✓" : figure >= must ? " ✓" : " ✗";
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
