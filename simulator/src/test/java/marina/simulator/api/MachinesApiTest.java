package marina.simulator.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import marina.simulator.machine.MachineState;
import marina.simulator.testing.World;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The Machines API as a machine's own program sees it: HTTP on a Unix socket. */
class MachinesApiTest {

    private World world;

    @BeforeEach
    void begin() {
        world = World.of(
                "regions: { ewr: {} }",
                "suspend_delay: 300ms",
                "apps:",
                "  shop:",
                "    services: [{ listen: 0 }]",
                "    machine: { command: APP, region: ewr, kill_timeout: 500ms }",
                "    machines: [{ id: m1 }, { id: m2, env: { STUBBORN: x } }, { id: m3, memory: 4096 }]");
    }

    @AfterEach
    void end() {
        world.close();
    }

    private String call(String machine, String method, String path, String body) {
        return call(machine, machine, method, path, body);
    }

    private String call(String socketOf, String machine, String method, String path, String body) {
        Path socket = world.simulator().fleet().apiSocket(world.machine(socketOf));
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            String request = method + " /v1/apps/shop/machines/" + machine + path + " HTTP/1.1\r\nHost: flaps\r\n"
                    + "Connection: close\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void suspendFreezesTheProcessAndStartGoesOnWithIt() {
        Object pid = world.get("/").told().getOrDefault("pid", "none");
        assertThat(call("m1", "POST", "/suspend", "")).contains("200 OK", "{\"ok\":true}");
        assertThat(world.machine("m1").state()).isEqualTo(MachineState.SUSPENDING);
        world.await("m1", MachineState.SUSPENDED);
        Awaitility.await().until(() -> processState(pid).equals("T"));
        assertThat(call("m1", "GET", "", "")).contains("\"state\":\"suspended\"");
        assertThat(call("m1", "POST", "/start", "")).contains("\"previous_state\":\"suspended\"", "\"migrated\":false");
        assertThat(processState(pid)).isNotEqualTo("T");
        assertThat(world.get("/", "fly-force-instance-id", "m1").told()).containsEntry("pid", pid);
    }

    private static String processState(Object pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/stat")).split(" ", -1)[2];
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void aRequestDuringSuspendingKeepsTheMachineRunning() {
        call("m1", "POST", "/suspend", "");
        assertThat(world.get("/", "fly-force-instance-id", "m1").machine()).isEqualTo("m1");
        assertThat(call("m1", "GET", "/wait?state=suspended&timeout=1", "")).contains(" 408 ");
        assertThat(world.machine("m1").state()).isEqualTo(MachineState.STARTED);
    }

    @Test
    void stopSendsTheKillSignalThenSigtermThenEndsIt() throws IOException {
        call("m1", "POST", "/stop", "");
        world.await("m1", MachineState.STOPPED);
        assertThat(world.folder().resolve("signals-m1")).hasContent("SIGINT");
        long begin = System.nanoTime();
        assertThat(call("m2", "POST", "/stop", "{\"signal\":\"SIGTERM\",\"timeout\":1}"))
                .contains("200 OK");
        world.await("m2", MachineState.STOPPED);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofSeconds(1));
        assertThat(world.folder().resolve("signals-m2")).hasContent("SIGTERM\nSIGTERM");
        assertThat(call("m2", "POST", "/suspend", "")).contains(" 412 ", "stopped, not started");
    }

    @Test
    void waitEndsWithTheState() throws Exception {
        assertThat(call("m1", "GET", "/wait?state=started", "")).contains("200 OK");
        assertThat(call("m1", "GET", "/wait?state=stopped&timeout=1", "")).contains(" 400 ", "instance_id");
        assertThat(call("m1", "GET", "/wait?state=happy", "")).contains(" 400 ");
        CompletableFuture<String> waiting = CompletableFuture.supplyAsync(
                () -> call("m1", "GET", "/wait?state=stopped&instance_id=01m1&timeout=20", ""));
        call("m1", "POST", "/stop", "");
        assertThat(waiting.get(10, TimeUnit.SECONDS)).contains("200 OK");
    }

    @Test
    void largeMachinesCannotBeSuspended() {
        assertThat(call("m3", "POST", "/suspend", "")).contains(" 412 ", "2048");
    }

    @Test
    void theSocketIsForItsOwnMachine() {
        assertThat(call("m1", "m2", "POST", "/suspend", "")).contains(" 403 ");
        assertThat(call("m1", "POST", "/dance", "")).contains(" 404 ");
    }

    @Test
    void cordonAndMetadataTakeEffect() {
        call("m1", "POST", "/cordon", "");
        assertThat(world.get("/").machine()).isNotEqualTo("m1");
        call("m1", "POST", "/uncordon", "");
        assertThat(world.get("/").machine()).isEqualTo("m1");
        assertThat(call("m1", "POST", "/metadata/tenant", "{\"value\":\"sam\"}"))
                .contains(" 204 ");
        assertThat(call("m1", "GET", "/metadata", "")).contains("{\"tenant\":\"sam\"}");
        assertThat(call("m1", "DELETE", "/metadata/tenant", "")).contains(" 204 ");
        assertThat(call("m1", "GET", "/metadata", "")).contains("{}");
    }

    @Test
    void callsFailOnCommand() throws Exception {
        fault("refuse");
        assertThat(call("m1", "POST", "/suspend", "")).contains(" 412 ");
        fault("fail");
        assertThat(call("m1", "POST", "/suspend", "")).contains(" 500 ");
        fault("nothing");
        assertThat(call("m1", "POST", "/suspend", "")).contains("200 OK", "{\"ok\":true}");
        assertThat(call("m1", "GET", "/wait?state=suspended&timeout=1", "")).contains(" 408 ");
        fault("timeout");
        CompletableFuture<String> silent = CompletableFuture.supplyAsync(() -> call("m1", "POST", "/suspend", ""));
        assertThat(call("m1", "GET", "", "")).contains("\"state\":\"started\"");
        assertThat(silent).isNotDone();
        fault("none");
        assertThat(call("m1", "POST", "/suspend", "")).contains("200 OK");
        world.await("m1", MachineState.SUSPENDED);
    }

    private void fault(String fault) {
        assertThat(world.command("machines/m1/api", "{\"call\":\"suspend\",\"fault\":\"" + fault + "\"}"))
                .isEqualTo(200);
    }

    @Test
    void aProgramThatCrashesIsStartedAgainAndOneThatEndsWellIsNot() {
        Object pid = world.get("/").told().getOrDefault("pid", "none");
        world.machine("m1").kill().join();
        Awaitility.await()
                .until(() -> world.machine("m1").state() == MachineState.STARTED && world.listens(world.machine("m1")));
        assertThat(world.get("/").told().get("pid")).isNotEqualTo(pid);
        ProcessHandle.of((Long) world.get("/").told().getOrDefault("pid", 0L))
                .ifPresent(process -> signal(process.pid()));
        world.await("m1", MachineState.STOPPED);
    }

    /** SIGINT, on which app.js ends with status 0. */
    private static void signal(long pid) {
        try {
            assertThat(new ProcessBuilder("kill", "-INT", Long.toString(pid))
                            .start()
                            .waitFor())
                    .isZero();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
