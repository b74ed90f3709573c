package bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Runs the whole comparison: starts everybody, loads them in turns, and writes the tables. */
final class Suite {
    private static final String HELP =
            """
            bench/run.sh [--rounds 5] [--seconds 2] [--warm 12] [--only proxy,files,websocket,h2,servlet,scale,alone] [--out FILE]
              --rounds   alternating rounds of each scenario; the median counts
              --seconds  of one round
              --warm     seconds of load on a server with a JVM before the first round of a group
              --only     groups of scenarios; default all
              --out      default bench/results/DATE.md
            NAVIGATOR=/path of its program has it join; TOMCAT=/path of its folder takes the place of the one from the registry.""";

    /** Of those who are neither Marina nor whom it is measured by; their ratios are far from the marks. */
    private static final int ROUNDS_OF_OTHERS = 1;

    /** JVMs need some seconds of load until their compilers have done most of their work. */
    private static final Set<String> WITHOUT_COMPILER = Set.of("nginx", "haproxy", "caddy", "navigator", "upstream");

    private final Map<String, String> options;
    private final Path home;
    private final List<String> groups;
    private final Report report = new Report();

    private Suite(Map<String, String> options) {
        this.options = options;
        this.home = Path.of(options.get("home"));
        this.groups = List.of(options.getOrDefault("only", "proxy,files,websocket,h2,servlet,scale,alone").split(","));
    }

    public static void main(String[] arguments) throws Exception {
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 0; i < arguments.length; i += 2) {
            if (!arguments[i].startsWith("--") || arguments[i].equals("--help") || i + 1 == arguments.length) {
                System.out.println(HELP);
                System.exit(arguments[i].equals("--help") ? 0 : 2);
            }
            options.put(arguments[i].substring(2), arguments[i + 1]);
        }
        Path work = Stage.folder();
        try {
            new Suite(options).run(work);
        } finally {
            Field.delete(work);
        }
    }

    private void run(Path work) throws Exception {
        long began = System.nanoTime();
        Contestant.Course course = Stage.course(home, work);
        try (Child echo = Stage.echo(course);
                Child upstream = Stage.upstream(course)) {
            System.out.println("upstream " + upstream.pid() + ", echo " + echo.pid());
            heading();
            Marinas.archive(course);
            Map<Scenario, Map<String, List<Sample>>> results = new LinkedHashMap<>();
            List<Scenario> wanted = Scenario.all(work).stream().filter(scenario -> groups.contains(scenario.group())).toList();
            try (Field field = new Field(course, Stage.direct(course, upstream, echo))) {
                for (String group : wanted.stream().map(Scenario::group).distinct().toList()) {
                    group(wanted.stream().filter(scenario -> scenario.group().equals(group)).toList(), field, results);
                }
            }
            report.scenarios(results);
            if (groups.contains("alone")) {
                new Alone(course, report, Math.max(5, number("rounds", 5))).run();
            }
        }
        report.say("");
        report.say("Took " + (System.nanoTime() - began) / 1_000_000_000L + " s.");
        write();
    }

    private int number(String option, int usual) {
        return Integer.parseInt(options.getOrDefault(option, Integer.toString(usual)));
    }

    /** Everybody of a group runs at once and is loaded in turns, so that a busy minute of the machine meets all of them. */
    private void group(List<Scenario> scenarios, Field field, Map<Scenario, Map<String, List<Sample>>> results) throws Exception {
        Map<String, Contestant> running = field.of(scenarios.get(0).servers());
        Load.Kind usual = scenarios.stream().filter(scenario -> scenario.title().endsWith("c=32")).findFirst().orElse(scenarios.get(0)).load();
        for (int half = 0; half < 2; half++) { // the compilers finish the work of the first one while others are loaded
            for (Contestant contestant : running.values()) {
                usual.run(contestant, WITHOUT_COMPILER.contains(contestant.name()) ? 0.5 : number("warm", 12) / 2.0);
            }
        }
        for (Scenario scenario : scenarios) {
            results.put(scenario, rounds(scenario, running));
        }
    }

    private Map<String, List<Sample>> rounds(Scenario scenario, Map<String, Contestant> running) throws Exception {
        Map<String, List<Sample>> samples = new LinkedHashMap<>();
        for (int round = -1; round < number("rounds", 5); round++) { // the first one is short and does not count
            for (Map.Entry<String, Contestant> entry : running.entrySet()) {
                String kind = Scenario.kind(entry.getKey());
                boolean spared = round < 0 ? WITHOUT_COMPILER.contains(kind) : round >= ROUNDS_OF_OTHERS;
                if (spared && !scenario.decides(kind)) {
                    continue;
                }
                Sample sample = sample(scenario.load(), entry.getValue(), round < 0 ? 1 : number("seconds", 2));
                if (sample.errors() > 0 || sample.rate() == 0) {
                    System.out.println(scenario.title() + ", " + entry.getKey() + ": " + sample.errors() + " errors, " + sample.rate() + " answers per second");
                }
                if (round >= 0) {
                    samples.computeIfAbsent(kind, name -> new ArrayList<>()).add(sample);
                }
            }
        }
        StringBuilder line = new StringBuilder(scenario.title() + ":");
        samples.forEach((name, list) -> line.append(" ").append(name).append(" ").append(Report.two(Sample.median(list, Sample::rate))));
        System.out.println(line);
        return samples;
    }

    /** A generator that fails or hangs spoils its round, and not the others. */
    private static Sample sample(Load.Kind load, Contestant server, double seconds) throws Exception {
        try {
            return load.run(server, seconds);
        } catch (IOException e) {
            System.out.println(server.name() + ": " + e.getMessage());
            return new Sample(0, Double.NaN, Double.NaN, 1);
        }
    }

    private void heading() throws Exception {
        String commit;
        try {
            commit = Child.output(List.of("git", "-C", home.toString(), "describe", "--always", "--dirty"), 10).trim();
        } catch (IOException e) {
            commit = "unknown";
        }
        String model = Files.readString(Path.of("/proc/cpuinfo")).lines().filter(line -> line.startsWith("model name")).findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).trim()).orElse("processor unknown");
        report.say("# " + LocalDate.now() + ", commit " + commit);
        report.say("");
        report.say(Runtime.getRuntime().availableProcessors() + " × " + model + ", Java " + System.getProperty("java.version")
                + ", load before: " + Files.readString(Path.of("/proc/loadavg")).split(" ")[0] + "; " + number("rounds", 5) + " rounds of "
                + number("seconds", 2) + " s, medians. ✓ what must be, ✓✓ the goal, ✗ less, ? had errors and says nothing.");
        report.say("");
    }

    private void write() throws IOException {
        Path out = Optional.ofNullable(options.get("out")).map(Path::of)
                .orElse(home.resolve("bench/results/" + LocalDate.now() + ".md"));
        Files.createDirectories(out.toAbsolutePath().getParent());
        Files.writeString(out, report.text(), StandardCharsets.UTF_8);
        System.out.println("\n" + report.text() + "\nwritten to " + out);
    }
}
