package bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Mixed load for a long time, in steps: after each, Marina is left alone for a moment and looked at. What it holds must be the
 * same at the end as in the middle.
 */
final class Soak {
    private static final int APPS = 4;
    private static final int FEWEST_STEPS = 6;
    private static final int LONGEST_STEP = 60;
    private static final int REST = 8; // longer than pooled connections live, and than applications stay without requests

    private final Contestant.Course course;
    private final Contestant marina;
    private final Path conf;
    private final List<String> lines = new ArrayList<>();
    private final AtomicLong answers = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private final AtomicLong starts = new AtomicLong();
    private final AtomicLong reloads = new AtomicLong();
    private final AtomicLong aborts = new AtomicLong();

    private Soak(Contestant.Course course) throws Exception {
        this.course = course;
        int port = Child.freePort();
        Files.writeString(course.work().resolve("app.js"), Alone.APP);
        HelloWar.build(course.home(), course.folder("servlet"));
        marina = Marinas.start("soak", course, text(course, port, 0), port, -1).orElseThrow();
        conf = course.folder("soak").resolve("conf/server.yml");
    }

    public static void main(String[] arguments) throws Exception {
        double minutes = Double.parseDouble(arguments[1]);
        Path home = Path.of(arguments[0]);
        Path out = arguments.length > 2 ? Path.of(arguments[2]) : home.resolve("bench/results/soak-" + LocalDate.now() + ".md");
        Path work = Stage.folder();
        boolean flat;
        try {
            Contestant.Course course = Stage.course(home, work);
            try (Child echo = Stage.echo(course);
                    Child upstream = Stage.upstream(course)) {
                Soak soak = new Soak(course);
                System.out.println("echo " + echo.pid() + ", upstream " + upstream.pid() + ", Marina " + soak.marina.child().pid());
                try {
                    flat = soak.run(minutes, out);
                } finally {
                    soak.marina.close();
                }
            }
        } finally {
            Field.delete(work);
        }
        System.exit(flat ? 0 : 1);
    }

    private static String text(Contestant.Course course, int port, int change) {
        StringBuilder text = new StringBuilder(
                """
                listen: "127.0.0.1:%d"
                log: { access: combined }
                defaults: { page_after: 60s }
                contexts:
                  /: { upstream: "http://127.0.0.1:%d", timeouts: { answer: %ds } }
                  /ws: { upstream: "http://127.0.0.1:%d/ws" }
                  /files: { files: "%s" }
                  /hello: { war: "%s", min_instances: 1 }
                """
                        .formatted(port, course.upstream(), 60 + change % 60, course.echo(), course.files(), course.folder("servlet").resolve("hello.war")));
        for (int i = 0; i < APPS; i++) {
            text.append("  /app").append(i).append(": { command: [node, \"").append(course.work().resolve("app.js")).append("\"], idle_timeout: 2s }\n");
        }
        return text.toString();
    }

    private void say(String line) {
        lines.add(line);
        System.out.println(line);
    }

    private boolean run(double minutes, Path out) throws Exception {
        int steps = (int) Math.max(FEWEST_STEPS, Math.ceil(minutes * 60 / (LONGEST_STEP + REST)));
        double seconds = Math.max(2, minutes * 60 / steps - REST);
        say("# Soak of " + LocalDate.now() + ": " + steps + " steps of " + Math.round(seconds) + " s and " + REST + " s of rest, Java " + System.getProperty("java.version"));
        say("");
        say("| step | answers | errors | starts | reloads | aborts | heap after GC, MB | direct, MB | RSS, MB | descriptors | threads |");
        say("|---|---|---|---|---|---|---|---|---|---|---|");
        List<Watch.Look> looks = new ArrayList<>();
        try (Watch watch = Watch.of(marina.child())) {
            firstStarts();
            for (int step = 1; step <= steps; step++) {
                load(seconds);
                TimeUnit.SECONDS.sleep(REST);
                looks.add(watch.look());
                say("| " + step + " | " + answers + " | " + errors + " | " + starts + " | " + reloads + " | " + aborts + " | "
                        + looks.get(step - 1).row() + " |");
            }
        }
        say("");
        boolean flat = verdict(looks);
        Files.createDirectories(out.toAbsolutePath().getParent());
        Files.writeString(out, String.join("\n", lines) + "\n");
        System.out.println("written to " + out);
        if (!flat) { // what Marina has said of it
            Path log = out.resolveSibling(out.getFileName().toString().replaceFirst("\\.md$", "") + "-marina.log");
            Files.copy(course.folder("soak").resolve("logs/marina.log"), log, StandardCopyOption.REPLACE_EXISTING);
            System.out.println("its log is " + log);
        }
        return flat;
    }

    /** The first third fills caches and pools; the means of the second and the last are compared. */
    private boolean verdict(List<Watch.Look> looks) {
        int third = looks.size() / 3;
        boolean flat = true;
        for (Watch.Figure figure : Watch.Figure.ALL) {
            double middle = looks.subList(third, 2 * third).stream().mapToDouble(figure.value()).average().orElseThrow();
            double end = looks.subList(looks.size() - third, looks.size()).stream().mapToDouble(figure.value()).average().orElseThrow();
            boolean grows = end - middle > Math.max(figure.units(), figure.part() * middle);
            flat &= !grows;
            say(String.format(Locale.ROOT, "- %s: %.1f in the middle, %.1f at the end: %s", figure.name(), middle, end, grows ? "**grows**" : "flat"));
        }
        say("- errors: " + errors + (errors.get() > 0 ? " **of " + answers + " answers**" : ""));
        say("");
        boolean good = flat && errors.get() == 0;
        say("Verdict: " + (good ? "flat, without errors." : flat ? "flat, with errors." : "not flat."));
        return good;
    }

    /** On a busy machine the first ones, which load classes, may take longer than requests wait. */
    private void firstStarts() throws InterruptedException {
        List<String> paths = new ArrayList<>(List.of("/hello/"));
        for (int i = 0; i < APPS; i++) {
            paths.add("/app" + i + "/");
        }
        for (String path : paths) {
            for (int tries = 0; tries < 60 && Calls.status(marina.url(path)) != 200; tries++) {
                TimeUnit.SECONDS.sleep(1);
            }
        }
    }

    /** All kinds at once. */
    private void load(double seconds) throws Exception {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        List<Callable<Void>> work = List.of(
                () -> count("/small", Load.get("/small", 8), seconds),
                () -> count("/64k", Load.get("/64k", 2), seconds),
                () -> count("/10m", Load.get("/10m", 1), seconds),
                () -> count("/upload", Load.upload(course.work(), "/upload", 1 << 20, 2), seconds),
                () -> count("/files/100k", Load.get("/files/100k", 2), seconds),
                () -> count("/hello/", Load.get("/hello/", 2), seconds),
                () -> until(end, this::sockets),
                () -> until(end, this::coldStart),
                () -> until(end, this::reload),
                () -> until(end, this::abort));
        ExecutorService threads = Executors.newFixedThreadPool(work.size());
        try {
            for (Future<Void> one : threads.invokeAll(work)) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private Void count(String path, Load.Kind kind, double seconds) throws Exception {
        Sample sample = kind.run(marina, seconds);
        answers.addAndGet(Math.round(sample.rate() * seconds));
        failed(sample.errors(), path);
        return null;
    }

    private interface Piece {
        void run() throws Exception;
    }

    private static Void until(long end, Piece piece) throws Exception {
        while (System.nanoTime() < end) {
            piece.run();
        }
        return null;
    }

    /** Opens some, has them talk, and leaves. */
    private void sockets() throws IOException {
        Sockets.Trips trips = Sockets.run(marina.port(), "/ws", 50, 0.5);
        answers.addAndGet(trips.done());
        failed(trips.lost(), "/ws");
    }

    /** Of one of the applications, each of which stops two seconds later. */
    private void coldStart() throws Exception {
        long number = starts.getAndIncrement() % APPS;
        int status = Calls.status(marina.url("/app" + number + "/"));
        failed(status == 200 ? 0 : 1, "/app" + number + ", status " + status);
        TimeUnit.SECONDS.sleep(1); // when its turn comes again it has stopped
    }

    private void reload() throws Exception {
        Files.writeString(conf, text(course, marina.port(), (int) reloads.incrementAndGet()));
        Calls.control(course.folder("soak").resolve("run/marina.sock"), "/api/v1/reload");
        TimeUnit.SECONDS.sleep(2);
    }

    /** Leaves in the middle of a request, an answer, an upload or a start. */
    private void abort() throws Exception {
        List<String> requests = List.of(
                "GET /sma",
                "GET /10m HTTP/1.1\r\nHost: bench\r\n\r\n",
                "POST /upload HTTP/1.1\r\nHost: bench\r\nContent-Length: 100000000\r\n\r\n" + "x".repeat(100_000),
                "GET /files/10m HTTP/1.1\r\nHost: bench\r\n\r\n",
                "GET /app" + aborts.get() % APPS + "/ HTTP/1.1\r\nHost: bench\r\n\r\n",
                "GET /ws HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        String request = requests.get((int) (aborts.getAndIncrement() % requests.size()));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), marina.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            TimeUnit.MILLISECONDS.sleep(100);
            socket.setSoLinger(aborts.get() % 2 == 0, 0);
        } catch (IOException e) {
            failed(1, "a client that leaves: " + e);
        }
    }

    private void failed(long requests, String what) {
        if (requests > 0) {
            errors.addAndGet(requests);
            System.out.println(requests + " failed: " + what);
        }
    }
}
