package marina.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An idle stop never cuts off a request, and nothing that was refused keeps a backend from idling. */
class IdleStormTest {
    private static final int CLIENTS = 2;
    private static final int STARTS = 8;

    @TempDir
    private Path base;

    private final Queue<String> answers = new ConcurrentLinkedQueue<>();
    private final Random random = new Random(11);

    @Test
    void requestsThatComeExactlyWhenABackendStopsAreAllAnswered() {
        try (MarinaUnderTest marina = start("50ms")) {
            long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            List<CompletableFuture<Void>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(new CompletableFuture<>());
                next(marina, end, clients.get(i));
            }
            clients.forEach(client -> client.orTimeout(60, TimeUnit.SECONDS).join());

            assertThat(answers).containsOnly("200 app");
            assertThat(marina.status("/app").backend().starts()).isGreaterThan(2);
            marina.awaitState("/app", "stopped");
            assertThat(marina.status("/app").backend().leases()).isZero();
        }
    }

    @Test
    void aRefusedUpgradeLeavesNoLeaseBehind() throws Exception {
        try (MarinaUnderTest marina = start("300ms")) {
            marina.get("/app/");
            for (int i = 0; i < 20; i++) {
                assertThat(refusedUpgrade(marina)).startsWith("HTTP/1.1 403");
            }
            await().until(() -> marina.status("/app").backend().leases() == 0);
            marina.awaitState("/app", "stopped");
        }
    }

    private void next(MarinaUnderTest marina, long end, CompletableFuture<Void> over) {
        if (marina.status("/app").backend().starts() > STARTS || System.nanoTime() > end) {
            over.complete(null);
            return;
        }
        int pause;
        synchronized (random) {
            pause = 45 + random.nextInt(60); // around the time-out, and then around the stop
        }
        var unused = marina.getAsync("/app/")
                .handle((answer, failure) ->
                        answers.add(failure == null ? answer.statusCode() + " " + answer.body() : failure.toString()))
                .thenRunAsync(
                        () -> next(marina, end, over), CompletableFuture.delayedExecutor(pause, TimeUnit.MILLISECONDS));
    }

    private MarinaUnderTest start(String idleTimeout) {
        return MarinaUnderTest.start(
                base,
                "contexts: { /app: { command: [node, unruly.js], directory: %s, env: { VERSION: app }, idle_timeout: %s, page_after: 30s } }"
                        .formatted(Path.of("target/test-classes/apps").toAbsolutePath(), idleTimeout));
    }

    private static String refusedUpgrade(MarinaUnderTest marina) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), marina.uri("/").getPort())) {
            socket.getOutputStream()
                    .write("GET /app/refuse HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
        }
    }
}
