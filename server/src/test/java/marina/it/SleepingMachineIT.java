package marina.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import marina.testing.MachinesApi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine that really stands still: its Marina is stopped by SIGSTOP and goes on by SIGCONT. */
class SleepingMachineIT {
    private static final String RESUME = "hooks: { resume: [{ command: [sh, -c, 'echo resumed >> data/events'] }] }\n";

    @TempDir
    private Path base;

    private HomeUnderTest home(String yaml) {
        return HomeUnderTest.at(base, yaml + RESUME + "contexts: { /app: { " + Apps.node("app.js") + " } }\n")
                .write("data/events", "")
                .with("FLY_APP_NAME", "showcase")
                .with("FLY_MACHINE_ID", "m1");
    }

    @Test
    void requestsThatComeInTheSleepAreAnsweredAfterTheResumeHooks() throws Exception {
        String idle = "idle: { action: suspend, timeout: 1s }\nfleet: { api: run/api.sock }\n";
        try (HomeUnderTest home = home(idle);
                MachinesApi api = new MachinesApi(base.resolve("run/api.sock"))) {
            CompletableFuture<Void> stopped = new CompletableFuture<>();
            api.does(call -> {
                home.signal("STOP"); // in the middle of the call, as the hypervisor does
                stopped.complete(null);
                return MachinesApi.answer(200, "{\"ok\":true}");
            });
            home.start();
            home.browser().awaitStatus("/app/", 200);
            stopped.get(20, TimeUnit.SECONDS);
            api.does(call -> MachinesApi.answer(503, "only once"));

            List<CompletableFuture<HttpResponse<String>>> requests = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                requests.add(home.browser().getAsync("/app/?" + i));
            }
            await("a sleep").during(Duration.ofSeconds(2)).until(() -> requests.stream()
                    .noneMatch(CompletableFuture::isDone));
            assertThat(home.lines("data/events")).isEmpty();
            home.signal("CONT");

            for (CompletableFuture<HttpResponse<String>> request : requests) {
                assertThat(request.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            }
            assertThat(home.lines("data/events")).containsExactly("resumed");
        }
    }

    @Test
    void aSleepThatNobodyAskedForIsNoticed() throws Exception {
        try (HomeUnderTest home = home("")) {
            home.start();
            home.browser().awaitStatus("/app/", 200);
            home.write("data/hello.txt", "hello").write("conf/contexts/late.yml", "files: data\n");
            home.signal("STOP");
            await("a sleep")
                    .atMost(Duration.ofSeconds(9))
                    .during(Duration.ofSeconds(7))
                    .until(() -> true);
            CompletableFuture<HttpResponse<String>> first = home.browser().getAsync("/app/");
            home.signal("CONT");

            assertThat(first.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            assertThat(home.lines("data/events")).as("before the answer").containsExactly("resumed");
            assertThat(home.browser().getAsync("/late/hello.txt").get().body())
                    .as("the configuration has been read again")
                    .isEqualTo("hello");
            assertThat(home.marina("status").exits(0).out()).contains("Machine: running", "has slept 1 times");
            assertThat(home.read("logs/marina.log")).contains("running -> resuming: it stood still for");
        }
    }

    @Test
    void aSleepInTheMiddleOfTheSuspendHooksIsFollowedByTheResumeHooksOnly() throws Exception {
        String idle = "idle: { action: suspend, timeout: 3s }\nfleet: { api: run/api.sock }\n";
        String hook =
                "suspend: [{ command: [sh, -c, 'echo suspending >> data/events; sleep 12; echo suspended >> data/events'] },"
                        + " { command: [sh, -c, 'echo never >> data/events'] }], ";
        try (HomeUnderTest home = home(idle);
                MachinesApi api = new MachinesApi(base.resolve("run/api.sock"))) {
            home.configure(home.read("conf/server.yml")
                    .replace(HomeUnderTest.LISTEN, "")
                    .replace("resume:", hook + "resume:"));
            home.start();
            await("the suspend hook").atMost(HomeUnderTest.PATIENCE).until(() -> home.lines("data/events")
                    .contains("suspending"));
            home.signal("STOP");
            await("a sleep")
                    .atMost(Duration.ofSeconds(9))
                    .during(Duration.ofSeconds(7))
                    .until(() -> true);
            CompletableFuture<HttpResponse<String>> request = home.browser().getAsync("/app/");
            home.signal("CONT");

            assertThat(request.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            await("the resume hooks").atMost(HomeUnderTest.PATIENCE).until(() -> home.lines("data/events")
                    .contains("resumed"));
            assertThat(home.lines("data/events")).containsExactly("suspending", "suspended", "resumed");
            assertThat(api.calls()).isEmpty();
        }
    }

    @Test
    void theCommandLineTakesAndEndsLeases() {
        try (HomeUnderTest home = home("")) {
            home.start();
            home.browser().awaitStatus("/app/", 200);
            assertThat(home.marina("lease", "import", "--ttl", "2h", "--context", "/app")
                            .exits(0)
                            .out())
                    .isEqualTo("import: held for 2h\n");
            assertThat(home.marina("leases").exits(0).out())
                    .startsWith("import (7")
                    .endsWith("s, /app)\n");
            assertThat(home.marina("status").exits(0).out()).contains("held awake by import (7");
            home.marina("lease", "import", "--release").exits(0);
            assertThat(home.marina("leases").exits(0).out()).isEmpty();
            await("nobody at work")
                    .atMost(HomeUnderTest.PATIENCE)
                    .until(() -> home.marina("status").out().contains("nobody has used it for"));
            assertThat(home.marina("lease", "import", "--ttl", "soon").exits(1).err())
                    .contains("\"soon\" is not a duration; write e.g. 10m");
            assertThat(home.marina("lease", "x", "--context", "/none").exits(1).err())
                    .contains("no application runs at \"/none\"");
        }
    }
}
