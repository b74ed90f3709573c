package marina.navigator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import marina.testing.MachinesApi;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file for Navigator: how its machine falls asleep and wakes. Navigator has no key for the socket of Fly's API, so what runs here
 * is the file as {@code convert} prints it, with that line more.
 */
class MachineLifeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path base;

    private NavigatorBed bed = new NavigatorBed(Path.of(""));
    private Path socket = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private MachinesApi api;

    @BeforeEach
    void open() throws IOException {
        socket = Files.createTempDirectory("api").resolve("s");
        api = new MachinesApi(socket);
        bed = new NavigatorBed(base).file("log", "").program("bin/log.sh", "echo \"$1\" >> log\n");
    }

    @AfterEach
    void close() throws IOException {
        api.close();
        Files.deleteIfExists(socket);
        Files.deleteIfExists(Objects.requireNonNull(socket.getParent()));
    }

    private void write(String idle, String hooks) {
        bed.navigator("server: {listen: LISTEN, health_check: {path: /up, response: {status: 200, body: OK}}" + idle
                + "}\n" + hooks + "applications:\n" + NavigatorBed.NODE
                + "  tenants: [{path: /one/, framework: node}]\n");
        bed.file("conf/server.yml", bed.converted(base) + "fleet: { api: " + socket + " }\n");
    }

    private MarinaUnderTest start() {
        return MarinaUnderTest.startFile(base, "conf/server.yml", NavigatorBed.fly());
    }

    private List<String> log() {
        try {
            return Files.readAllLines(base.resolve("log"));
        } catch (IOException e) {
            return List.of();
        }
    }

    private List<String> asked() {
        return api.calls().stream().map(MachinesApi.Call::line).toList();
    }

    @Test
    void itStopsOrIsSuspendedAsWrittenAndAReloadMaySwitchItOn() {
        write("", "");
        try (MarinaUnderTest marina = start()) {
            assertThat(marina.get("/one/x").statusCode()).isEqualTo(200);
            await().during(Duration.ofMillis(700)).until(() -> asked().isEmpty());
            write(", idle: {action: stop, timeout: 10ms}", "");
            assertThat(marina.server().reloader().reload().join().succeeded()).isTrue();
            await().atMost(PATIENCE).until(() -> !asked().isEmpty());
            assertThat(asked().get(0)).isEqualTo("POST /v1/apps/smooth/machines/m1/stop");
        }
    }

    @Test
    void aLongRequestAndRequestsOneAfterTheOtherKeepItAwakeAndMonitorsDoNot() {
        write(", idle: {action: suspend, timeout: 1s}", "");
        try (MarinaUnderTest marina = start()) {
            assertThat(marina.get("/one/x").statusCode()).isEqualTo(200);
            CompletableFuture<HttpResponse<String>> slow = marina.getAsync("/one/slow?ms=3000");
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> {
                assertThat(asked()).isEmpty();
                return slow.isDone();
            });
            assertThat(slow.join().statusCode()).isEqualTo(200);
            // There each look of a monitor counts as use.
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> marina.get("/up").statusCode() == 200 && !asked().isEmpty());
            assertThat(asked().get(0)).isEqualTo("POST /v1/apps/smooth/machines/m1/suspend");
        }
    }

    @Test
    void whatComesWhileIdleHooksRunKeepsItAwakeAndWakesNobody() {
        bed.program(
                "bin/save.sh",
                "echo begin >> log\nfor i in $(seq 1 200); do [ -e go ] && break; sleep 0.1; done\necho end >> log\n");
        write(
                ", idle: {action: suspend, timeout: 500ms}",
                """
                hooks:
                  server:
                    idle: [{command: bin/save.sh, timeout: 1m}]
                    resume: [{command: bin/log.sh, args: [resumed]}]
                """);
        try (MarinaUnderTest marina = start()) {
            await().atMost(PATIENCE).until(() -> log().contains("begin"));
            CompletableFuture<HttpResponse<String>> live = marina.getAsync("/one/slow?ms=2500");
            await().atMost(PATIENCE).until(() -> marina.status("/one").backend().leases() > 0);
            bed.file("go", "");
            assertThat(live.join().statusCode()).isEqualTo(200);
            // There resume hooks run beside the idle ones, and the machine is suspended with this request.
            assertThat(log()).doesNotContain("resumed");
            await().atMost(PATIENCE).until(() -> !asked().isEmpty());
            // One run after the other.
            List<String> runs = log();
            for (int i = 0; i + 1 < runs.size(); i += 2) {
                assertThat(runs.subList(i, i + 2)).containsExactly("begin", "end");
            }
        }
    }

    @Test
    void theFirstRequestAfterASleepWaitsForTheResumeHooksAndMonitorsDoNot() {
        bed.program(
                "bin/fetch.sh",
                "echo begin >> log\nfor i in $(seq 1 200); do [ -e go ] && break; sleep 0.1; done\necho fetched >> log\n");
        write(
                ", idle: {action: suspend, timeout: 500ms}",
                "hooks: {server: {resume: [{command: bin/fetch.sh, timeout: 1m}]}}\n");
        try (MarinaUnderTest marina = start()) {
            await().atMost(PATIENCE).until(() -> !asked().isEmpty());
            CompletableFuture<HttpResponse<String>> first = marina.getAsync("/one/x");
            await().atMost(PATIENCE).until(() -> log().contains("begin"));
            // There the health check waits and the first request passes.
            assertThat(marina.get("/up").statusCode()).isEqualTo(200);
            assertThat(first).isNotDone();
            bed.file("go", "");
            assertThat(first.join().statusCode()).isEqualTo(200);
            assertThat(log()).containsExactly("begin", "fetched");
        }
    }
}
