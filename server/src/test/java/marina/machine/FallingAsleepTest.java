package marina.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import marina.testing.MachinesApi;
import marina.testing.RawClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine that nobody uses goes to sleep, and no request is lost on the way there and back. */
class FallingAsleepTest {
    private static final String IDLE = "timeout: 500ms, patience: 2s";
    private static final String HOOKS =
            "hooks: { suspend: [" + MachineBed.event("suspend") + "], resume: [" + MachineBed.event("resume") + "] }\n";

    @TempDir
    private Path base;

    @Test
    void contextsStopFirstThenTheHooksRunThenTheApiIsAsked() {
        String app = MachineBed.app("idle_timeout: 0, hooks: { stop: [" + MachineBed.event("stop") + "] }, env: {}");
        try (MachineBed bed = MachineBed.start(
                base, IDLE, HOOKS + app.replace("env: {}", "env: { EVENTS: \"" + base + "/data/events\" }"))) {
            bed.answers("/app/");

            bed.awaitCalls(1);

            assertThat(bed.events()).containsExactly("stop", "suspend");
            assertThat(bed.marina.status("/app").state()).isEqualTo("stopped");
            assertThat(bed.api.calls().get(0).line()).isEqualTo(MachineBed.SUSPEND);
            assertThat(bed.api.calls().get(0).host()).isEqualTo("flaps");
        }
    }

    @Test
    void theFirstRequestAfterTheSleepWaitsForTheResumeHooks() {
        String hooks = "hooks: { resume: [" + MachineBed.slowEvent("resume", "resumed") + "] }\n";
        try (MachineBed bed = MachineBed.start(base, IDLE, hooks + MachineBed.app(""))) {
            bed.awaitState(MachineState.SUSPENDED);
            await("the yes of the API").until(() -> !bed.api.calls().isEmpty());

            CompletableFuture<HttpResponse<String>> first = bed.marina.getAsync("/app/");
            bed.awaitEvent("resume");
            CompletableFuture<HttpResponse<String>> second = bed.marina.getAsync("/app/");
            await("both wait").until(() -> bed.marina.server().machine().waiting() == 2);
            assertThat(bed.marina.get("/up").body())
                    .as("the health check does not wait")
                    .isEqualTo("OK");
            assertThat(first).isNotDone();

            bed.letGo();
            assertThat(first.join().statusCode()).isEqualTo(200);
            assertThat(second.join().statusCode()).isEqualTo(200);
            assertThat(bed.events()).containsExactly("resume", "resumed");
            assertThat(bed.machine().sleeps()).isEqualTo(1);
        }
    }

    @Test
    void aRequestDuringTheSuspendHookIsAnsweredAndCancelsTheSleep() {
        String hooks = "hooks: { suspend: [" + MachineBed.slowEvent("suspend", "done") + ", " + MachineBed.event("next")
                + "], resume: [" + MachineBed.event("resume") + "] }\n";
        try (MachineBed bed = MachineBed.start(base, "timeout: 2s, patience: 2s", hooks + MachineBed.app(""))) {
            bed.awaitEvent("suspend");

            bed.answers("/app/");
            bed.awaitState(MachineState.RUNNING);
            bed.letGo();
            bed.awaitEvent("done");

            await().during(Duration.ofMillis(700)).until(() -> bed.api.calls().isEmpty());
            assertThat(bed.events())
                    .as("neither the next hook nor the resume hooks")
                    .containsExactly("suspend", "done");
            bed.awaitCalls(1);
        }
    }

    @Test
    void aRequestDuringTheCallWaitsAndGoesOnWhenTheApiRefuses() throws Exception {
        try (MachineBed bed = MachineBed.start(base, IDLE, HOOKS + MachineBed.app(""))) {
            CountDownLatch refuse = new CountDownLatch(1);
            bed.api.does(call -> {
                refuse.await();
                return MachinesApi.answer(422, "{\"error\":\"memory above 2 GB\"}");
            });
            bed.awaitCalls(1);

            CompletableFuture<HttpResponse<String>> request = bed.marina.getAsync("/app/");
            await("it waits").until(() -> bed.marina.server().machine().waiting() == 1);
            refuse.countDown();

            assertThat(request.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            assertThat(bed.events()).as("no resume hook: it has not slept").doesNotContain("resume");
            assertThat(bed.machine().lastRefusal()).contains("422", "memory above 2 GB");
        }
    }

    @Test
    void aRequestDoesNotWaitForAnApiThatSaysNothing() throws Exception {
        try (MachineBed bed = MachineBed.start(base, "timeout: 500ms, patience: 1m", HOOKS + MachineBed.app(""))) {
            bed.api.saysNothing();
            bed.awaitCalls(1);

            assertThat(bed.marina.getAsync("/app/").get(10, TimeUnit.SECONDS).statusCode())
                    .isEqualTo(200);
            assertThat(bed.events()).as("perhaps it has slept").contains("resume");
        }
    }

    @Test
    void uploadsAndWebSocketsThatComeInTheSleepGoOnAfterIt() throws Exception {
        String hooks = "hooks: { resume: [" + MachineBed.slowEvent("resume", "resumed") + "] }\n";
        try (MachineBed bed = MachineBed.start(base, IDLE, hooks + MachineBed.app(""));
                RawClient upload = new RawClient(bed.marina.uri(""));
                RawClient socket = new RawClient(bed.marina.uri(""))) {
            bed.awaitCalls(1);

            upload.send("POST /app/upload HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n" + "x".repeat(100_000));
            socket.send("GET /app/echo HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
            await("both wait").until(() -> bed.marina.server().machine().waiting() == 2);
            bed.letGo();

            assertThat(socket.answer()).startsWith("HTTP/1.1 101");
            assertThat(upload.send("x".repeat(100_000)).answer())
                    .startsWith("HTTP/1.1 200")
                    .endsWith("200000");
        }
    }

    @Test
    void aClientThatLeavesWhileItWaitsIsForgotten() {
        String hooks = "hooks: { resume: [" + MachineBed.slowEvent("resume", "resumed") + "] }\n";
        try (MachineBed bed = MachineBed.start(base, IDLE, hooks + MachineBed.app(""))) {
            bed.awaitCalls(1);
            try (RawClient client = new RawClient(bed.marina.uri(""))) {
                client.send("GET /app/ HTTP/1.1\r\nHost: a\r\n\r\n");
                await("it waits").until(() -> bed.marina.server().machine().waiting() == 1);
            }
            await("nobody waits")
                    .atMost(MachineBed.PATIENCE)
                    .until(() -> bed.marina.server().machine().waiting() == 0);
            bed.letGo();
            bed.answers("/app/");
        }
    }

    @Test
    void aHundredClientsAtTheMomentOfTheSleepAreAllAnswered() {
        String hooks = "hooks: { resume: [" + MachineBed.event("resume") + "] }\n";
        try (MachineBed bed = MachineBed.start(base, IDLE, hooks + MachineBed.app(""))) {
            for (int round = 1; round <= 3; round++) {
                List<CompletableFuture<HttpResponse<String>>> requests = new ArrayList<>();
                bed.api.does(call -> {
                    for (int i = 0; i < 100; i++) {
                        requests.add(bed.marina.getAsync("/app/?" + i));
                    }
                    return MachinesApi.answer(200, "{\"ok\":true}");
                });
                bed.awaitCalls(round);
                await("all have been sent").atMost(MachineBed.PATIENCE).until(() -> requests.size() == 100);
                bed.api.does(call -> MachinesApi.answer(200, "{\"ok\":true}"));
                assertThat(requests)
                        .allSatisfy(request ->
                                assertThat(request.join().statusCode()).isEqualTo(200));
                bed.awaitState(MachineState.RUNNING);
            }
        }
    }

    @Test
    void whatIsAlwaysToRunRunsAgainAfterTheSleepAndAfterARefusal() {
        String app = MachineBed.app("min_instances: 1");
        try (MachineBed bed = MachineBed.start(base, IDLE, app)) {
            CountDownLatch refuse = new CountDownLatch(1);
            bed.api.does(call -> {
                refuse.await();
                return MachinesApi.answer(500, "no");
            });
            bed.awaitCalls(1);
            assertThat(bed.marina.status("/app").state()).isEqualTo("stopped");
            refuse.countDown();
            bed.marina.awaitState("/app", "ready");
        }
    }
}
