package bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Runs the whole comparison: starts everybody, loads them in turns, and writes the tables. */
final class Suite {
    private static final String HELP =
            """
            bench/run.sh [--rounds 5] [--seconds 2] [--only proxy,files,websocket,h2,servlet,scale,alone] [--out FILE]
              --rounds   alternating rounds of each scenario; the median counts
              --seconds  of one round
              --only     groups of scenarios; default all
              --out      default bench/results/DATE.md
            NAVIGATOR=/path of its program and TOMCAT=/path of its folder have them join.""";

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
        Path work = Files.createTempDirectory("marina-bench");
        Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxr-xr-x")); // servers may change their user
        try {
            new Suite(options).run(work);
        } finally {
            delete(work);
        }
    }

    private void run(Path work) throws Exception {
        Contestant.Course course = course(work);
        try (Child echo = echo(course);
                Child upstream = upstream(course)) {
            System.out.println("upstream " + upstream.pid() + ", echo " + echo.pid());
            heading();
            Map<Scenario, Map<String, List<Sample>>> results = new LinkedHashMap<>();
            List<Scenario> wanted = Scenario.all(work).stream().filter(scenario -> groups.contains(scenario.group())).toList();
            for (String group : wanted.stream().map(Scenario::group).distinct().toList()) {
                group(wanted.stream().filter(scenario -> scenario.group().equals(group)).toList(), course, results);
            }
            report.scenarios(results);
            if (groups.contains("alone")) {
                new Alone(course, report, number("rounds", 5)).run();
            }
        }
        write();
    }

    private int number(String option, int usual) {
        return Integer.parseInt(options.getOrDefault(option, Integer.toString(usual)));
    }

    /** Everybody of a group runs at once and is loaded in turns, so that a busy minute of the machine meets all of them. */
    private void group(List<Scenario> scenarios, Contestant.Course course, Map<Scenario, Map<String, List<Sample>>> results)
            throws Exception {
        Map<String, Contestant> running = new LinkedHashMap<>();
        try {
            for (String name : scenarios.get(0).servers()) {
                starter(name).start(course).ifPresent(contestant -> running.put(name, contestant));
            }
            for (Scenario scenario : scenarios) {
                results.put(scenario, rounds(scenario, running));
            }
        } finally {
            running.values().forEach(Contestant::close);
            for (String name : running.keySet()) {
                delete(course.folder(name));
            }
        }
    }

    private static Contestant.Starter starter(String name) {
        return switch (name) {
            case "marina" -> Marinas::marina;
            case "one" -> Marinas::single;
            case "ten-thousand" -> Marinas::thousands;
            case "tomcat" -> Marinas::tomcat;
            default -> Competitors.ALL.get(name);
        };
    }

    private Map<String, List<Sample>> rounds(Scenario scenario, Map<String, Contestant> running) throws Exception {
        Map<String, List<Sample>> samples = new LinkedHashMap<>();
        for (int round = -1; round < number("rounds", 5); round++) { // the first one warms up
            for (Map.Entry<String, Contestant> entry : running.entrySet()) {
                Sample sample = scenario.load().run(entry.getValue(), number("seconds", 2));
                if (sample.errors() > 0 || sample.rate() == 0) {
                    System.out.println(scenario.title() + ", " + entry.getKey() + ": " + sample.errors() + " errors, " + sample.rate() + " answers per second");
                }
                if (round >= 0) {
                    samples.computeIfAbsent(entry.getKey(), name -> new ArrayList<>()).add(sample);
                }
            }
        }
        StringBuilder line = new StringBuilder(scenario.title() + ":");
        samples.forEach((name, list) -> line.append(" ").append(name).append(" ").append(Report.two(Sample.median(list, Sample::rate))));
        System.out.println(line);
        return samples;
    }

    private Contestant.Course course(Path work) throws Exception {
        Path files = Files.createDirectories(work.resolve("site"));
        fill(files.resolve("1k"), 1 << 10);
        fill(files.resolve("100k"), 100 << 10);
        fill(files.resolve("64k"), 64 << 10);
        fill(files.resolve("10m"), 10 << 20);
        Path key = work.resolve("tls.key");
        Path certificate = work.resolve("tls.crt");
        Child.output(
                List.of("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                        "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key.toString(), "-out", certificate.toString()),
                30);
        Files.createDirectories(work.resolve("upstream"));
        return new Contestant.Course(home, work, Child.freePort(), Child.freePort(), files, certificate, key);
    }

    private static void fill(Path file, int bytes) throws IOException {
        Files.writeString(file, "0123456789abcde\n".repeat(bytes / 16));
    }

    private static Child echo(Contestant.Course course) throws Exception {
        Path output = course.work().resolve("echo.log");
        String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
        List<String> command =
                List.of(java, "-Xmx64m", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), "bench.Echo", Integer.toString(course.echo()));
        return Child.start(output, Contestant.plain(), command).awaitPort(course.echo(), output);
    }

    private static Child upstream(Contestant.Course course) throws Exception {
        Path folder = course.folder("upstream");
        String conf =
                """
                worker_processes 1; daemon off; pid %1$s/pid; error_log %1$s/error.log;
                events { worker_connections 16384; }
                http {
                  access_log off; client_body_temp_path %1$s; proxy_temp_path %1$s; fastcgi_temp_path %1$s; uwsgi_temp_path %1$s; scgi_temp_path %1$s;
                  sendfile on; tcp_nopush on; keepalive_requests 1000000000; client_max_body_size 0; root %2$s;
                  server {
                    listen 127.0.0.1:%3$d;
                    location /64k {} location /10m {}
                    location / { default_type text/plain; return 200 "hello world\\n"; }
                  }
                }
                """
                        .formatted(folder, course.files(), course.upstream());
        Path file = Files.writeString(folder.resolve("nginx.conf"), conf);
        Path output = folder.resolve("output.log");
        String nginx = Competitors.program("nginx").orElseThrow(() -> new IOException("nginx is not installed")).toString();
        return Child.start(output, Contestant.plain(), List.of(nginx, "-c", file.toString(), "-e", folder + "/error.log"))
                .awaitPort(course.upstream(), output);
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
                + number("seconds", 2) + " s, medians. ✓ what must be, ✓✓ the goal, ✗ less.");
        report.say("");
    }

    private void write() throws IOException {
        Path out = Optional.ofNullable(options.get("out")).map(Path::of)
                .orElse(home.resolve("bench/results/" + LocalDate.now() + ".md"));
        Files.createDirectories(out.toAbsolutePath().getParent());
        Files.writeString(out, report.text(), StandardCharsets.UTF_8);
        System.out.println("\n" + report.text() + "\nwritten to " + out);
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
