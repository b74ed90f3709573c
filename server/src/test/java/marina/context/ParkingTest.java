package marina.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import marina.config.ContextPath;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests that wait for an application, and what may happen to both meanwhile. */
class ParkingTest {
    private static final int CLIENTS = 20;

    @TempDir
    private Path base;

    @Test
    void twoHundredClientsThatLeaveWhileTheyWaitLeaveNoLeaseBehind() throws Exception {
        try (MarinaUnderTest marina = start("START_DELAY: \"700\"", "idle_timeout: 500ms")) {
            List<Socket> clients = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                clients.add(ask(marina, "/app/slow?ms=100"));
            }
            await().until(() -> marina.status("/app").requests() == 200);
            for (Socket client : clients) {
                client.setSoLinger(clients.indexOf(client) % 2 == 0, 0); // half of them reset the connection
                client.close();
            }

            marina.awaitState("/app", "ready");
            marina.awaitState("/app", "stopped");

            assertThat(marina.status("/app").backend().leases()).isZero();
            assertThat(marina.status("/app").backend().starts()).isEqualTo(1);
        }
    }

    @Test
    void aStormOfDeadlinesAtTheMomentOfReadinessAnswersEachRequestOnce() {
        try (MarinaUnderTest marina = start("START_DELAY: \"300\"", "page_after: 350ms\n    idle_timeout: 1s")) {
            List<CompletableFuture<HttpResponse<String>>> requests = IntStream.range(0, 300)
                    .mapToObj(i -> CompletableFuture.completedFuture("/app/pid")
                            .thenComposeAsync(
                                    path -> marina.getAsync(path),
                                    CompletableFuture.delayedExecutor(i, TimeUnit.MILLISECONDS)))
                    .toList();

            assertThat(requests)
                    .extracting(request ->
                            request.orTimeout(20, TimeUnit.SECONDS).join().statusCode())
                    .isSubsetOf(200, 503); // which of them, is the machine's speed
            marina.awaitState("/app", "stopped");
            assertThat(marina.status("/app").backend().leases()).isZero();
            assertThat(marina.status("/app").requests()).isEqualTo(300);
        }
    }

    @Test
    void aServerThatStopsAnswersThoseWhoWait() {
        MarinaUnderTest marina = start("NEVER_LISTEN: \"1\"", "page_after: 800ms");
        List<CompletableFuture<HttpResponse<String>>> requests =
                IntStream.range(0, 50).mapToObj(i -> marina.getAsync("/app/")).toList();
        await().until(() -> marina.status("/app").requests() == 50);

        long begin = System.nanoTime();
        marina.close();

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        assertThat(requests)
                .extracting(
                        request -> request.orTimeout(1, TimeUnit.SECONDS).join().statusCode())
                .containsOnly(503);
    }

    @Test
    void thoseWhoWaitWhenAContextIsTakenAwayForGoodAreAnsweredAtOnce() {
        try (MarinaUnderTest marina = start("NEVER_LISTEN: \"1\"", "page_after: 1m")) {
            List<CompletableFuture<HttpResponse<String>>> requests = IntStream.range(0, 50)
                    .mapToObj(i -> marina.getAsync("/app/"))
                    .toList();
            await().until(() -> marina.status("/app").requests() == 50);

            marina.reload("contexts: {}");

            assertThat(requests)
                    .extracting(request ->
                            request.orTimeout(2, TimeUnit.SECONDS).join().statusCode())
                    .containsOnly(404);
        }
    }

    @Test
    void afterKill9UnderLoadOnlyRequestsInFlightFailAndOneRestartFollows() throws Exception {
        try (MarinaUnderTest marina = start("VERSION: \"1\"", "")) {
            long victim = Long.parseLong(marina.get("/app/pid").body());
            Load load = Load.on(marina, "/app/slow?ms=5");
            await().until(() -> load.good.size() > 100);

            ProcessHandle.of(victim).orElseThrow().destroyForcibly();
            await().until(() -> marina.status("/app").backend().starts() == 2);
            int sofar = load.good.size();
            await().until(() -> load.good.size() > sofar + 100);
            load.stop();

            assertThat(load.bad).allMatch(answer -> answer.equals("502")).hasSizeBetween(1, CLIENTS);
            assertThat(marina.status("/app").backend().starts()).isEqualTo(2);
            assertThat(marina.status("/app").backend().leases()).isZero();
        }
    }

    @Test
    void aRestartUnderLoadFailsNoRequest() throws Exception {
        try (MarinaUnderTest marina = start("START_DELAY: \"100\"", "")) {
            marina.get("/app/pid");
            Load load = Load.on(marina, "/app/slow?ms=5");

            for (int i = 0; i < 5; i++) {
                int sofar = load.good.size();
                await().until(() -> load.good.size() > sofar + 20);
                assertThat(marina.server()
                                .reloader()
                                .restart(new ContextPath("/app"))
                                .get(10, TimeUnit.SECONDS)
                                .succeeded())
                        .isTrue();
            }
            load.stop();

            assertThat(load.bad).isEmpty();
        }
    }

    private MarinaUnderTest start(String env, String keys) {
        return MarinaUnderTest.start(
                base,
                """
                contexts:
                  /app:
                    command: [node, app.js]
                    directory: %s
                    env: { %s }
                    %s
                """
                        .formatted(Path.of("target/test-classes/apps").toAbsolutePath(), env, keys));
    }

    private static Socket ask(MarinaUnderTest marina, String path) throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), marina.uri("/").getPort());
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** Clients that ask again as soon as they have an answer. */
    private static final class Load {
        final Queue<String> good = new ConcurrentLinkedQueue<>();
        final Queue<String> bad = new ConcurrentLinkedQueue<>();
        private final AtomicBoolean stopped = new AtomicBoolean();
        private final List<CompletableFuture<Void>> clients = new ArrayList<>();

        static Load on(MarinaUnderTest marina, String path) {
            Load load = new Load();
            for (int i = 0; i < CLIENTS; i++) {
                CompletableFuture<Void> over = new CompletableFuture<>();
                load.clients.add(over);
                load.next(marina, path, over);
            }
            return load;
        }

        /** Waits for the last answers. */
        void stop() throws Exception {
            stopped.set(true);
            CompletableFuture.allOf(clients.toArray(CompletableFuture[]::new)).get(10, TimeUnit.SECONDS);
        }

        private void next(MarinaUnderTest marina, String path, CompletableFuture<Void> over) {
            if (stopped.get()) {
                over.complete(null);
                return;
            }
            var unused = marina.getAsync(path).whenCompleteAsync((answer, failure) -> {
                String status = answer == null ? failure.toString() : Integer.toString(answer.statusCode());
                (status.equals("200") ? good : bad).add(status);
                next(marina, path, over);
            });
        }
    }
}
