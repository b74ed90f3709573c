package marina.simulator.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import marina.simulator.SimulateCommand;
import marina.simulator.testing.World;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However the simulator ends, the processes of its machines end, and those that they have started. */
class NothingIsLeftBehindTest {

    private static final String FAMILY =
            "[sh, -c, \"setsid env -i sleep 1000 & echo $! >grandchild-$FLY_MACHINE_ID; exec sleep 1000\"]";

    @TempDir
    private Path folder;

    private static long pid(Path file) {
        Awaitility.await().until(() -> Files.exists(file) && Files.size(file) > 1);
        try {
            return Long.parseLong(Files.readString(file).strip());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static boolean runs(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    @Test
    void aSuspendedMachineFreezesProcessesOfOtherSessionsToo() throws IOException {
        try (World world = World.of(
                "regions: { ewr: {} }",
                "apps: { shop: { machines: [{ id: m1, state: stopped, region: ewr, command: " + FAMILY + " }] } }")) {
            world.machine("m1").start("test").join();
            long grandchild = pid(world.folder().resolve("grandchild-m1"));
            world.machine("m1").suspend(Duration.ZERO, "test").join();
            world.await("m1", MachineState.SUSPENDED);
            // A process that is about to run takes the signal when it does.
            Path stat = Path.of("/proc/" + grandchild + "/stat");
            Awaitility.await().until(() -> Files.readString(stat).contains(") T "));
            world.machine("m1")
                    .stop(java.util.Optional.empty(), java.util.Optional.empty(), "test")
                    .join();
            world.await("m1", MachineState.STOPPED);
            Awaitility.await().until(() -> !runs(grandchild));
        }
    }

    @Test
    void orphansOfAProgramThatHasCrashedEndWithIt() throws IOException {
        try (World world = World.of(
                "regions: { ewr: {} }",
                "apps: { shop: { machines: [{ id: m1, state: stopped, restart: no, region: ewr, command: "
                        + FAMILY.replace("exec", "echo $$ >main-m1; exec") + " }] } }")) {
            world.machine("m1").start("test").join();
            long grandchild = pid(world.folder().resolve("grandchild-m1"));
            long main = pid(world.folder().resolve("main-m1"));
            Awaitility.await("it has been seen").during(Duration.ofSeconds(1)).until(() -> runs(grandchild));
            ProcessHandle.of(main).orElseThrow().destroyForcibly();
            world.await("m1", MachineState.STOPPED);
            Awaitility.await().until(() -> !runs(grandchild));
        }
    }

    @Test
    void killedSimulatorsTakeTheirMachinesAlong() throws Exception {
        Path file = folder.resolve("FLEET.yml");
        Files.writeString(
                file,
                "regions: { ewr: {} }\napps: { shop: { machines: [{ id: m1, region: ewr, command: " + FAMILY
                        + " }] } }");
        Process simulator = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        SimulateCommand.class.getName(),
                        "--folder",
                        folder.resolve("run").toString(),
                        file.toString()))
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(simulator.getInputStream(), StandardCharsets.UTF_8))) {
            long grandchild = pid(folder.resolve("grandchild-m1"));
            assertThat(runs(grandchild)).isTrue();
            assertThat(output.readLine()).isNotNull();
            simulator.destroyForcibly().waitFor();
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !runs(grandchild));
        } finally {
            simulator.destroyForcibly();
        }
    }
}
