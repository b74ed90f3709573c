package marina.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What signals do to Marina and to what it has started. */
class SignalsIT {
    @TempDir
    private Path base;

    @Test
    void theNextStartEndsWhatAKilledMarinaLeftBehind() {
        try (HomeUnderTest home = HomeUnderTest.at(base, "contexts: { /chat: { " + Apps.node("chat.js") + " } }\n")) {
            home.start();
            home.browser().awaitStatus("/chat/", 200);
            long grandchild = Long.parseLong(home.browser().body("/chat/child"));
            List<Long> orphans = home.processes().stream()
                    .filter(process -> process != home.pid())
                    .toList();
            assertThat(orphans).hasSize(2).contains(grandchild);

            home.signal("KILL");
            home.awaitEnd();
            assertThat(orphans).allMatch(Processes::isAlive);

            home.start();
            assertThat(orphans).noneMatch(Processes::isAlive);
            home.browser().awaitBody("/chat/", "chat ");
            orphans.stream()
                    .filter(orphan -> orphan != grandchild)
                    .forEach(leader -> assertThat(home.read("logs/marina.log")).contains(" " + leader));
        }
    }

    @Test
    void hangupReloads() {
        String hook = "hooks: { ready: [{ command: [sh, -c, 'echo again >> data/ready'] }] }\n";
        try (HomeUnderTest home = HomeUnderTest.at(base, hook)) {
            home.start();
            await("the first ready hook")
                    .atMost(HomeUnderTest.PATIENCE)
                    .until(() -> home.lines("data/ready").size() == 1);
            home.signal("HUP");
            await("a reload")
                    .atMost(HomeUnderTest.PATIENCE)
                    .until(() -> home.lines("data/ready").size() == 2);
            assertThat(Processes.isAlive(home.pid())).isTrue();
        }
    }

    @Test
    void terminateLetsARequestInFlightEnd() throws Exception {
        try (HomeUnderTest home = HomeUnderTest.at(base, "contexts: { /app: { " + Apps.node("app.js") + " } }\n")) {
            Process marina = home.run();
            home.browser().awaitStatus("/app/", 200);
            CompletableFuture<HttpResponse<String>> inFlight = inFlight(home, 2_000);
            home.signal("TERM");
            assertThat(inFlight.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            assertThat(marina.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(marina.exitValue()).isZero();
            assertThat(home.processes()).isEmpty();
        }
    }

    @Test
    void aSecondOneForcesTheEndAndLeavesNothingBehind() throws Exception {
        try (HomeUnderTest home = HomeUnderTest.at(base, "contexts: { /app: { " + Apps.node("app.js") + " } }\n")) {
            Process marina = home.run();
            home.browser().awaitStatus("/app/", 200);
            CompletableFuture<HttpResponse<String>> inFlight = inFlight(home, 60_000);
            home.signal("TERM");
            assertThat(marina.waitFor(500, TimeUnit.MILLISECONDS)).isFalse();
            home.signal("TERM");
            assertThat(marina.waitFor(4, TimeUnit.SECONDS)).isTrue();
            assertThat(marina.exitValue()).isNotZero();
            int status = inFlight.handle((answer, failure) -> answer == null ? 0 : answer.statusCode())
                    .get(5, TimeUnit.SECONDS);
            assertThat(status).as("a request in flight is cut off, or told so").isIn(0, 502);
            await("the end of the application").atMost(HomeUnderTest.PATIENCE).until(home.processes()::isEmpty);
        }
    }

    private static CompletableFuture<HttpResponse<String>> inFlight(HomeUnderTest home, int millis) {
        CompletableFuture<HttpResponse<String>> request = home.browser().getAsync("/app/slow?ms=" + millis);
        await("a request in flight")
                .atMost(HomeUnderTest.PATIENCE)
                .until(() -> home.marina("contexts", "--json").out().contains("\"active_requests\":1"));
        return request;
    }
}
