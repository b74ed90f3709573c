package marina.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a service manager hears of Marina when it is started with {@code Type=notify}. */
@SuppressWarnings("NullAway.Init")
class SupervisedIT {
    /** Takes datagrams as systemd does, and writes each to a line of its own. */
    private static final String LISTENER =
            """
            import socket, sys
            name = sys.argv[1]
            heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            heard.bind(chr(0) + name[1:] if name.startswith("@") else name)
            print("listening", flush=True)
            while True:
                print(heard.recv(4096).decode().replace(chr(10), " "), flush=True)
            """;

    @TempDir
    private Path base;

    private Process listener;

    @AfterEach
    void end() throws InterruptedException {
        listener.destroyForcibly().waitFor();
    }

    private void listen(String socket) throws IOException {
        listener = new ProcessBuilder("python3", "-c", LISTENER, socket)
                .redirectOutput(base.resolve("heard").toFile())
                .start();
        await("who listens").atMost(HomeUnderTest.PATIENCE).until(() -> heard().contains("listening"));
    }

    private List<String> heard() throws IOException {
        return Files.readAllLines(base.resolve("heard"));
    }

    private String socket(String kind) {
        return kind.equals("abstract")
                ? "@marina-" + UUID.randomUUID()
                : base.resolve("notify").toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"abstract", "file"})
    void hearsWhenItServesReloadsAndStops(String kind) throws Exception {
        String socket = socket(kind);
        listen(socket);
        String waiting =
                "hooks: { start: [{ command: [sh, -c, 'touch begun; until test -e go; do sleep 0.05; done'] }] }\n";
        String bad = "contexts: { /a: { commnd: [x] } }\n";
        try (HomeUnderTest home =
                HomeUnderTest.at(base.resolve("marina"), waiting).with("NOTIFY_SOCKET", socket)) {
            Process run = startInBackground(home, socket);
            await("the start hook").atMost(HomeUnderTest.PATIENCE).until(() -> Files.exists(home.path("begun")));
            assertThat(heard()).as("before the start hook has ended").containsExactly("listening");
            home.write("go", "");
            await("ready").atMost(HomeUnderTest.PATIENCE).until(() -> heard().size() == 2);
            assertThat(heard().get(1)).startsWith("READY=1 STATUS=Serves http://127.0.0.1:");

            home.configure(bad);
            Processes.signal(run.pid(), "HUP");
            await("a refused reload").atMost(HomeUnderTest.PATIENCE).until(() -> heard().stream()
                    .anyMatch(line -> line.startsWith("READY=1") && line.contains("did you mean \"command\"")));
            assertThat(heard()).anyMatch(line -> line.matches("RELOADING=1 MONOTONIC_USEC=\\d+"));

            Processes.signal(run.pid(), "TERM");
            assertThat(run.waitFor(HomeUnderTest.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            assertThat(heard().get(heard().size() - 1)).startsWith("STOPPING=1");
            assertThat(heard()).noneMatch(line -> line.startsWith("WATCHDOG=1"));
        }
    }

    /** Whoever has changed a file and says so while Marina starts, is heard when it serves. */
    @Test
    void hearsOfAReloadThatWasWantedDuringTheStart() throws Exception {
        String socket = socket("file");
        listen(socket);
        String waiting =
                "hooks: { start: [{ command: [sh, -c, 'touch begun; until test -e go; do sleep 0.05; done'] }] }\n";
        try (HomeUnderTest home =
                HomeUnderTest.at(base.resolve("marina"), waiting).with("NOTIFY_SOCKET", socket)) {
            Process run = startInBackground(home, socket);
            await("the start hook").atMost(HomeUnderTest.PATIENCE).until(() -> Files.exists(home.path("begun")));
            Processes.signal(run.pid(), "HUP");
            home.write("go", "");

            await("a reload").atMost(HomeUnderTest.PATIENCE).until(() -> heard().stream()
                    .anyMatch(line -> line.startsWith("RELOADING=1")));

            assertThat(heard().get(1)).startsWith("READY=1 STATUS=Serves");
            Processes.signal(run.pid(), "TERM");
            assertThat(run.waitFor(HomeUnderTest.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        }
    }

    @Test
    void hearsSignsOfLifeAsOftenAsItAskedFor() throws Exception {
        String socket = socket("file");
        listen(socket);
        try (HomeUnderTest home = HomeUnderTest.at(base.resolve("marina"), "")
                .with("NOTIFY_SOCKET", socket)
                .with("WATCHDOG_USEC", "300000")) {
            home.run();
            await("signs of life")
                    .atMost(HomeUnderTest.PATIENCE)
                    .until(() -> heard().stream().filter("WATCHDOG=1"::equals).count() > 3);
        }
    }

    @Test
    void applicationsAreNotToldOfIt() throws Exception {
        String socket = socket("file");
        listen(socket);
        String yaml = "contexts: { /chat: { min_instances: 1, " + Apps.node("chat.js") + " } }\n";
        try (HomeUnderTest home = HomeUnderTest.at(base.resolve("marina"), yaml).with("NOTIFY_SOCKET", socket)) {
            home.run();
            home.browser().awaitStatus("/chat/", 200);
            List<Long> applications = home.processes().stream()
                    .filter(process -> process != home.pid())
                    .toList();
            assertThat(applications).isNotEmpty();
            for (long application : applications) {
                assertThat(Files.readString(Path.of("/proc/" + application + "/environ")))
                        .doesNotContain("NOTIFY_SOCKET");
            }
        }
    }

    /** Unlike {@link HomeUnderTest#run} it does not wait until Marina serves. */
    private static Process startInBackground(HomeUnderTest home, String socket) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        HomeUnderTest.home().resolve("bin/marina.sh").toString(), "run")
                .redirectErrorStream(true)
                .redirectOutput(home.path("console").toFile());
        builder.environment().put("MARINA_BASE", home.path("").toString());
        builder.environment().put("MARINA_ARCHIVE", "off");
        builder.environment().put("NOTIFY_SOCKET", socket);
        return builder.start();
    }
}
