package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Figures of Marina that have no counterpart elsewhere: times and sizes, each against what it must be. */
final class Alone {
    private static final int CONTEXTS = 10_000;
    static final String APP =
            "require('http').createServer((q, a) => a.end('hello world\\n')).listen(process.env.PORT || process.argv[2], '127.0.0.1')";

    private final Contestant.Course course;
    private final Report report;
    private final int rounds;

    Alone(Contestant.Course course, Report report, int rounds) {
        this.course = course;
        this.report = report;
        this.rounds = rounds;
    }

    void run() throws Exception {
        report.say("");
        report.say("| figure | median | must | goal |");
        report.say("|---|---|---|---|");
        memory("upstream", "{ upstream: \"http://127.0.0.1:" + course.upstream() + "\" }");
        memory("command", "{ command: [\"true\"] }");
        reload();
        cold();
        firstAnswer();
        resident("no WAR", List.of(), 110, 60);
        resident("4 todo WARs", List.of("a", "b", "c", "d"), 160, 90);
    }

    private void row(String what, double[] figures, String unit, double must, double goal) {
        Arrays.sort(figures);
        double median = figures[figures.length / 2];
        String verdict = median <= goal ? " ✓✓" : median <= must ? " ✓" : " ✗";
        report.say("| " + what + " | " + Report.two(median) + " " + unit + verdict + " | " + Report.two(must) + " | " + Report.two(goal) + " |");
        System.out.println(what + ": " + Report.two(median) + " " + unit);
    }

    /** Of objects that are reachable: a collection goes before the count. */
    private void memory(String kind, String content) throws Exception {
        double[] each = new double[1];
        long[] bytes = new long[2];
        int[] counts = {1, CONTEXTS + 1};
        for (int i = 0; i < 2; i++) {
            int port = Child.freePort();
            StringBuilder conf = new StringBuilder("listen: \"127.0.0.1:" + port + "\"\ncontexts:\n");
            for (int context = 0; context < counts[i]; context++) {
                conf.append("  /").append(kind).append(context).append(": ").append(content).append("\n");
            }
            try (Contestant marina = Marinas.start("memory-" + kind + counts[i], course, conf.toString(), port, -1).orElseThrow()) {
                bytes[i] = liveBytes(marina.child().pid());
            }
        }
        each[0] = (bytes[1] - bytes[0]) / 1024.0 / CONTEXTS;
        row("heap of an idle context (" + kind + "), one of 10,000", each, "KB", 30, 10);
    }

    private static long liveBytes(long pid) throws IOException, InterruptedException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin/jcmd").toString();
        String text = Child.output(List.of(jcmd, Long.toString(pid), "GC.class_histogram"), 60);
        String total = text.lines().filter(line -> line.startsWith("Total")).findFirst().orElseThrow();
        return Long.parseLong(total.trim().split("\\s+")[2]);
    }

    /** Changes one of ten thousand contexts while requests go to another one. */
    private void reload() throws Exception {
        int port = Child.freePort();
        String conf = Marinas.many(port, CONTEXTS, 0, course.upstream());
        double[] times = new double[rounds];
        AtomicInteger failed = new AtomicInteger();
        try (Contestant marina = Marinas.start("reload", course, conf, port, -1).orElseThrow()) {
            TimeUnit.SECONDS.sleep(5); // nobody reloads a server that has just started
            AtomicBoolean over = new AtomicBoolean();
            Thread client = new Thread(() -> {
                while (!over.get()) {
                    if (Calls.status(marina.url("/tenant/t1/small")) != 200) {
                        failed.incrementAndGet();
                    }
                }
            });
            client.setDaemon(true);
            client.start();
            try {
                for (int i = 0; i < rounds; i++) {
                    String changed = conf + "  /changing: { upstream: \"http://127.0.0.1:" + course.upstream() + "\", timeouts: { answer: " + (i + 10) + "s } }\n";
                    Files.writeString(course.folder("reload").resolve("conf/server.yml"), changed);
                    long before = System.nanoTime();
                    Calls.control(course.folder("reload").resolve("run/marina.sock"), "/api/v1/reload");
                    times[i] = (System.nanoTime() - before) / 1e6;
                }
            } finally {
                over.set(true); // else it goes on for ever, against nobody
            }
            client.join();
        }
        row("reload that changes one of 10,000 contexts (" + failed + " requests failed)", times, "ms", 100, 20);
    }

    /** What Marina adds to the start of an application: the first answer of a cold context without the app's own time. */
    private void cold() throws Exception {
        Path app = Files.writeString(course.work().resolve("app.js"), APP);
        double[] extra = new double[rounds];
        int port = Child.freePort();
        StringBuilder conf = new StringBuilder("listen: \"127.0.0.1:" + port + "\"\ncontexts:\n");
        for (int i = 0; i <= rounds; i++) {
            conf.append("  /cold").append(i).append(": { command: [node, \"").append(app).append("\"] }\n");
        }
        try (Contestant marina = Marinas.start("cold", course, conf.toString(), port, -1).orElseThrow()) {
            Calls.status(marina.url("/cold" + rounds + "/")); // the first start of all loads classes
            for (int i = 0; i < rounds; i++) {
                double own = ownStart(app);
                long before = System.nanoTime();
                Calls.require(marina.url("/cold" + i + "/"));
                extra[i] = (System.nanoTime() - before) / 1e6 - own;
            }
        }
        row("first answer of a cold context, without the app's own start", extra, "ms", 30, 10);
    }

    private double ownStart(Path app) throws Exception {
        int port = Child.freePort();
        Path output = course.work().resolve("app.log");
        long before = System.nanoTime();
        try (Child node = Child.start(output, Contestant.plain(), List.of("node", app.toString(), Integer.toString(port)))) {
            node.awaitPort(port, output);
            Calls.require("http://127.0.0.1:" + port + "/");
            return (System.nanoTime() - before) / 1e6;
        }
    }

    private void firstAnswer() throws Exception {
        int port = Child.freePort();
        String conf = "listen: \"127.0.0.1:" + port + "\"\ncontexts: { /: { upstream: \"http://127.0.0.1:" + course.upstream() + "\" } }\n";
        Path base = Marinas.base(course, "start", conf);
        double[] times = new double[rounds];
        for (int i = -1; i < rounds; i++) { // the first one reads files that the others find in memory
            long before = System.nanoTime();
            try (Child start = Child.start(base.resolve("start.log"), Marinas.environment(base), List.of(course.home() + "/bin/startup.sh"))) {
                start.awaitPort(port, base.resolve("start.log")); // and what is asked now waits for the answer
                Calls.require("http://127.0.0.1:" + port + "/small");
                if (i >= 0) {
                    times[i] = (System.nanoTime() - before) / 1e9;
                }
            } finally {
                try (Child stop = Child.start(base.resolve("stop.log"), Marinas.environment(base), List.of(course.home() + "/bin/shutdown.sh"))) {
                    stop.awaitEnd(30);
                }
            }
        }
        row("first answer after startup.sh, second start", times, "s", 0.8, 0.4);
    }

    /** After a rest: without visitors a collection gives back what the start has needed. */
    private void resident(String what, List<String> wars, double must, double goal) throws Exception {
        int port = Child.freePort();
        StringBuilder conf = new StringBuilder("listen: \"127.0.0.1:" + port + "\"\ncontexts:\n  /: { upstream: \"http://127.0.0.1:" + course.upstream() + "\" }\n");
        for (String name : wars) {
            conf.append("  /").append(name).append(": { war: \"").append(course.home().resolve("webapps/todo.war")).append("\", min_instances: 1, env: { DATABASE_URL: \"sqlite:data/")
                    .append(name).append(".db\" } }\n");
        }
        try (Contestant marina = Marinas.start("start", course, conf.toString(), port, -1).orElseThrow()) {
            for (String name : wars) {
                Calls.require(marina.url("/" + name + "/"));
            }
            Calls.require(marina.url("/small"));
            TimeUnit.SECONDS.sleep(5);
            row("resident memory, idle, " + what, new double[] {marina.child().rss() / 1048576.0}, "MB", must, goal);
        }
    }
}
