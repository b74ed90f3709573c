package marina.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import marina.testing.RawClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Machines of a fleet that sleep each by itself, in the simulator: who keeps whom awake, who wakes whom, and no wrong answer. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class FleetSleepIT {
    private static final String AT_M1 = "fly-force-instance-id";

    private static final String YAML =
            """
            idle: { action: suspend, timeout: 1s, patience: 3s }
            hooks: { suspend: %s, resume: %s }
            contexts:
              /app: %s
              /shy: %s
              /chat: %s
              /loose: %s
              /syd: %s
              /nrt: %s
              /sydchat: %s
            """
                    .formatted(
                            SleepBed.hook("suspend"),
                            SleepBed.hook("resume"),
                            SleepBed.app("app.js", ""),
                            SleepBed.app("app.js", ", bots: reject"),
                            SleepBed.app("chat.js", ""),
                            SleepBed.app("chat.js", ", websockets: ignore"),
                            SleepBed.app("app.js", ", region: syd"),
                            SleepBed.app("app.js", ", region: nrt"),
                            SleepBed.app("chat.js", ", region: syd"));

    private SleepBed bed;

    @BeforeAll
    void start(@TempDir Path folder) {
        bed = SleepBed.start(
                folder, "", "{ id: m1, region: ewr }, { id: m2, region: syd }, { id: m3, region: nrt }", "", YAML);
    }

    @AfterAll
    void stop() {
        bed.close();
    }

    @BeforeEach
    void rouse() {
        assertThat(at("/app/version").body()).isEqualTo("m1");
    }

    /** The answer to a request that arrives at the first machine. */
    private HttpResponse<String> at(String path, String... fields) {
        List<String> all = new ArrayList<>(List.of(AT_M1, "m1"));
        all.addAll(List.of(fields));
        return bed.get(path, all.toArray(String[]::new));
    }

    private int suspends(String id) {
        return bed.calls(id, "suspend").size();
    }

    @Test
    void replaysHealthChecksAndCrawlersKeepNobodyAwake() {
        int calls = suspends("m1");
        await("the suspend of m1")
                .atMost(SleepBed.PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    assertThat(at("/syd/version").body()).isEqualTo("m2");
                    assertThat(RawClient.status(bed.address("m1"), "GET", "/up"))
                            .isEqualTo(200);
                    assertThat(at("/shy/", "User-Agent", "Googlebot/2.1").statusCode())
                            .isEqualTo(403);
                    return suspends("m1") > calls;
                });
    }

    @Test
    void whatAMachineForwardsKeepsItAwake() {
        WebSocket awake = bed.webSocket("/sydchat/ws", new Talk(), AT_M1, "m2");
        bed.configure(", transport: proxy", YAML);
        try {
            await("forwarded by m1").atMost(SleepBed.PATIENCE).until(() -> at("/syd/?x")
                    .body()
                    .toLowerCase(java.util.Locale.ROOT)
                    .contains("\"marina-hop\""));
            int calls = suspends("m1");
            assertThat(at("/syd/slow?ms=1700").statusCode()).isEqualTo(200);
            assertThat(suspends("m1")).isEqualTo(calls);

            Talk talk = new Talk();
            WebSocket socket = bed.webSocket("/sydchat/ws", talk, AT_M1, "m1");
            await("no sleep").during(Duration.ofMillis(1700)).until(() -> suspends("m1") == calls);
            talk.echoes(socket, "still there");
            socket.abort();
            await("a sleep").atMost(SleepBed.PATIENCE).until(() -> suspends("m1") > calls);
        } finally {
            bed.configure("", YAML);
            awake.abort();
        }
    }

    @Test
    void anOpenWebSocketKeepsAMachineAwake() {
        Talk talk = new Talk();
        WebSocket socket = bed.webSocket("/chat/ws", talk, AT_M1, "m1");
        int calls = suspends("m1");
        talk.echoes(socket, "one");
        await("no sleep").during(Duration.ofMillis(1700)).until(() -> suspends("m1") == calls);
        talk.echoes(socket, "two");
        socket.sendClose(1000, "").join();
        bed.awaitState("m1", "suspended");
    }

    @Test
    void oneThatIsIgnoredDoesNotAndIsToldOfTheEnd() {
        Talk talk = new Talk();
        WebSocket socket = bed.webSocket("/loose/ws", talk, AT_M1, "m1");
        talk.echoes(socket, "one");
        bed.awaitState("m1", "suspended");
        assertThat(talk.end.join()).isEqualTo(1001);
        assertThat(at("/loose/").body()).startsWith("chat");
    }

    @Test
    void whatDnsSaidBeforeTheSleepIsForgotten() {
        assertThat(at("/nrt/version").body()).isEqualTo("m3");
        bed.awaitState("m1", "suspended");
        bed.command("m3", "destroy");
        HttpResponse<String> answer = at("/nrt/version");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("rovisioned");
    }

    @Test
    void requestsAtTheMomentOfASleepAreAllAnsweredRightly() throws Exception {
        int calls = suspends("m1") + suspends("m2");
        ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
        CompletableFuture<Void> here = visit("/app/version", "m1", 1, wrong);
        CompletableFuture<Void> there = visit("/syd/version", "m2", 2, wrong);
        CompletableFuture.allOf(here, there).get(90, TimeUnit.SECONDS);
        assertThat(wrong).as("wrong answers").isEmpty();
        assertThat(suspends("m1") + suspends("m2") - calls).as("sleeps").isGreaterThan(2);
    }

    /** Asks again and again, with pauses about as long as the idle time and the way to sleep. */
    private CompletableFuture<Void> visit(String path, String body, int seed, ConcurrentLinkedQueue<String> wrong) {
        return CompletableFuture.runAsync(() -> {
            Random random = new Random(seed);
            CountDownLatch never = new CountDownLatch(1);
            try {
                for (int i = 0; i < 7; i++) {
                    boolean unused = never.await(900 + random.nextInt(500), TimeUnit.MILLISECONDS);
                    HttpResponse<String> answer = at(path);
                    if (answer.statusCode() != 200 || !answer.body().equals(body)) {
                        wrong.add(path + ": " + answer.statusCode() + " " + answer.body());
                    }
                }
            } catch (CompletionException | InterruptedException e) {
                wrong.add(path + ": " + e);
            }
        });
    }

    /** One side of a WebSocket. */
    private static final class Talk implements WebSocket.Listener {
        private final ConcurrentLinkedQueue<String> heard = new ConcurrentLinkedQueue<>();
        private final CompletableFuture<Integer> end = new CompletableFuture<Integer>().orTimeout(30, TimeUnit.SECONDS);

        void echoes(WebSocket socket, String text) {
            socket.sendText(text, true).join();
            await("the echo of " + text).atMost(SleepBed.PATIENCE).until(() -> heard.contains(text));
        }

        @Override
        public CompletableFuture<?> onText(WebSocket socket, CharSequence data, boolean last) {
            heard.add(data.toString());
            socket.request(1);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<?> onClose(WebSocket socket, int status, String reason) {
            end.complete(status);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void onError(WebSocket socket, Throwable failure) {
            end.completeExceptionally(failure);
        }
    }
}
