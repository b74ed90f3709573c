package marina.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The assembled installation as an operator uses it: an instance folder of its own, and the scripts of {@code bin/} as
 * real processes. Closing it ends what still runs, and asserts that no process of the instance outlives its Marina.
 */
final class HomeUnderTest implements AutoCloseable {

    /** How long anything may take before a test gives up. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The address that every instance of the tests listens on. */
    static final String LISTEN = "listen: \"127.0.0.1:0\"\n";

    private static final Path HOME =
            Path.of(System.getProperty("marina.home", "..")).toAbsolutePath().normalize();
    private static final Pattern STARTED = Pattern.compile("Marina started: pid (\\d+), (http://\\S+)");

    private static final Pattern URL = Pattern.compile("Server startup in .*\\[(http://[^\\],]+)");

    private final Path base;
    private final Map<String, String> environment = new HashMap<>();
    private final Set<String> marks = new HashSet<>();
    private Path home = HOME;
    private long pid;
    private Duration patience = PATIENCE;
    private URI url = URI.create("http://not.started");

    private HomeUnderTest(Path base) {
        this.base = base;
        environment.put("MARINA_BASE", base.toString());
        environment.put("MARINA_ADMIN_LISTEN", "off"); // its usual port is one for all of this machine
        environment.put("MARINA_ARCHIVE", "off"); // who wants to see it made says so
        marks.add("MARINA_BASE=" + base);
    }

    /** An instance with nothing but conf/server.yml, which listens on a free port. */
    static HomeUnderTest at(Path base, String yaml) {
        return new HomeUnderTest(base).write("conf/server.yml", LISTEN + yaml);
    }

    /** Another environment variable for all scripts. */
    HomeUnderTest with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Another path to the installation. */
    HomeUnderTest through(Path otherHome) {
        home = otherHome;
        return this;
    }

    /** The installation. */
    static Path home() {
        return HOME;
    }

    /** A file or folder of the instance. */
    Path path(String file) {
        return base.resolve(file);
    }

    /** Writes a file of the instance at once: a reader sees the old text or the new. */
    HomeUnderTest write(String file, String text) {
        try {
            Path path = path(file);
            Files.createDirectories(path.getParent());
            Path draft = Files.writeString(Files.createTempFile(base, ".draft", ""), text);
            Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Replaces conf/server.yml. */
    HomeUnderTest configure(String yaml) {
        return write("conf/server.yml", LISTEN + yaml);
    }

    /** A file of the instance as text, empty when there is none. */
    String read(String file) {
        try {
            return Files.exists(path(file)) ? Files.readString(path(file)) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines of a file of the instance. */
    List<String> lines(String file) {
        return read(file).lines().toList();
    }

    /** What a script did. */
    record Outcome(int status, String out, String err) {

        /** Asserts the exit status; the output tells why it is another. */
        Outcome exits(int expected) {
            assertThat(status).as("exit status of: %s%s", out, err).isEqualTo(expected);
            return this;
        }
    }

    /** Scripts have so much time from now on. */
    HomeUnderTest patient(Duration longer) {
        patience = longer;
        return this;
    }

    /** Runs {@code bin/marina.sh} and waits for its end. */
    Outcome marina(String... arguments) {
        return script("marina.sh", arguments);
    }

    /** Runs a script of {@code bin/} and waits for its end. */
    Outcome script(String name, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(home.resolve("bin").resolve(name).toString()));
        command.addAll(Arrays.asList(arguments));
        try {
            Path out = Files.createTempFile("marina", ".out");
            Path err = Files.createTempFile("marina", ".err");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(new java.io.File("/"))
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().remove("MARINA_HOME");
            builder.environment().putAll(environment);
            Process process = builder.start();
            boolean ended = process.waitFor(patience.toSeconds(), TimeUnit.SECONDS);
            process.destroyForcibly();
            Outcome outcome = new Outcome(ended ? process.waitFor() : -1, Files.readString(out), Files.readString(err));
            Files.delete(out);
            Files.delete(err);
            return outcome;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(String.join(" ", command), e);
        }
    }

    /** Runs {@code bin/startup.sh}, which must succeed, and takes note of what it prints. */
    Outcome start() {
        Outcome outcome = script("startup.sh").exits(0);
        Matcher started = STARTED.matcher(outcome.out());
        assertThat(started.find()).as(outcome.out()).isTrue();
        pid = Long.parseLong(started.group(1));
        url = URI.create(started.group(2));
        return outcome;
    }

    /** Starts {@code marina.sh run}, waits until it answers, and leaves it in the foreground of its own process. */
    Process run() {
        try {
            ProcessBuilder builder = new ProcessBuilder(
                            home.resolve("bin/marina.sh").toString(), "run")
                    .redirectErrorStream(true)
                    .redirectOutput(path("console").toFile());
            builder.environment().remove("MARINA_HOME");
            builder.environment().putAll(environment);
            Process process = builder.start();
            pid = process.pid();
            await("Marina in the foreground").atMost(PATIENCE).until(() -> URL.matcher(read("console"))
                    .find());
            Matcher listening = URL.matcher(read("console"));
            assertThat(listening.find()).isTrue();
            url = URI.create(listening.group(1));
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs {@code bin/shutdown.sh}, which must succeed. */
    Outcome stop() {
        noteMarks();
        return script("shutdown.sh").exits(0);
    }

    /** The running Marina. */
    long pid() {
        return pid;
    }

    /** The port that it listens on. */
    int port() {
        return url.getPort();
    }

    /** A URL of the running Marina. */
    URI uri(String path) {
        return url.resolve(path);
    }

    /** A browser that knows where this Marina is. */
    Browser browser() {
        return new Browser(this::uri);
    }

    /** Sends a signal to Marina. */
    void signal(String name) {
        noteMarks();
        Processes.signal(pid, name);
    }

    /** Waits until the Marina that was started is gone. */
    void awaitEnd() {
        await("the end of Marina").atMost(PATIENCE).until(() -> !Processes.isAlive(pid));
    }

    /** The processes of this instance that run: Marina, its commands, and all that these have started. */
    List<Long> processes() {
        noteMarks();
        return Processes.withEnvironment(marks);
    }

    /** Every process that Marina starts has a mark of its own in its environment and a file of that name. */
    private void noteMarks() {
        String[] records = path("run/processes").toFile().list();
        for (String name : records == null ? new String[0] : records) {
            marks.add("MARINA_PROCESS=" + name.replace(".process", ""));
        }
    }

    @Override
    public void close() {
        if (Processes.isAlive(pid)) {
            signal("TERM");
            await("a clean stop").atMost(PATIENCE).until(() -> !Processes.isAlive(pid));
        }
        List<Long> left = processes();
        left.forEach(process -> Processes.signal(process, "KILL"));
        assertThat(left).as("processes that outlive their Marina").isEmpty();
    }
}
