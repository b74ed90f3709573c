package marina.cable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import marina.testing.CableClient;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two machines with one NATS server between them. */
class RelayTest {
    @TempDir
    private Path base;

    private Path program = Path.of("");
    private int port;

    @BeforeEach
    void findServer() throws IOException {
        program = Stream.of("/usr/sbin/nats-server", "/usr/bin/nats-server", "/usr/local/bin/nats-server")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(Path.of(""));
        Assumptions.assumeFalse(program.toString().isEmpty(), "nats-server is not installed");
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
    }

    private Process nats() throws IOException {
        Process process = new ProcessBuilder(program.toString(), "-a", "127.0.0.1", "-p", String.valueOf(port))
                .redirectErrorStream(true)
                .redirectOutput(base.resolve("nats.log").toFile())
                .start();
        await().atMost(Duration.ofSeconds(20)).until(this::answers);
        return process;
    }

    private boolean answers() {
        try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return probe.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private CableUnderTest machine(String name) {
        return new CableUnderTest(MarinaUnderTest.start(
                base.resolve(name),
                "cable: { path: /cable, require_token: false, relay: \"nats://127.0.0.1:" + port + "\" }\n"));
    }

    private static void awaitRelay(CableUnderTest... machines) {
        for (CableUnderTest machine : machines) {
            await().atMost(Duration.ofSeconds(20)).until(() -> machine.isTrue("RelayConnected"));
        }
    }

    @Test
    void aBroadcastReachesThePagesOfAllMachinesOnce() throws Exception {
        Process nats = nats();
        try (CableUnderTest one = machine("one");
                CableUnderTest two = machine("two");
                CableClient here = one.client("/cable").subscribe("s");
                CableClient there = two.client("/cable").subscribe("s")) {
            awaitRelay(one, two);
            for (int i = 0; i < 3; i++) {
                one.broadcast("{\"stream\":\"s\",\"data\":" + i + "}");
            }
            for (int i = 0; i < 3; i++) {
                String message = "{\"type\":\"message\",\"stream\":\"s\",\"data\":" + i + "}";
                assertThat(here.next()).isEqualTo(message);
                assertThat(there.next()).isEqualTo(message);
            }
            two.broadcast("{\"stream\":\"s\",\"data\":\"back\"}");
            assertThat(there.next()).contains("back");
            assertThat(here.next()).contains("back");
            assertThat(here.hasMore()).isFalse();
            assertThat(there.hasMore()).isFalse();
        } finally {
            nats.destroy();
        }
    }

    @Test
    void withoutTheServerEachMachineIsOnItsOwnUntilItComes() throws Exception {
        try (CableUnderTest one = machine("one");
                CableUnderTest two = machine("two");
                CableClient here = one.client("/cable").subscribe("s");
                CableClient there = two.client("/cable").subscribe("s")) {
            one.broadcast("{\"stream\":\"s\",\"data\":1}");
            assertThat(here.next()).endsWith("1}");
            assertThat(one.count("RelayLost")).isEqualTo(1);
            Process nats = nats();
            try {
                awaitRelay(one, two);
                one.broadcast("{\"stream\":\"s\",\"data\":2}");
                assertThat(here.next()).endsWith("2}");
                assertThat(there.next()).endsWith("2}");
            } finally {
                nats.destroy();
            }
        }
    }
}
