package marina.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import marina.testing.Family;
import marina.testing.Load;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Applications that misbehave while hundreds of requests are in flight: only their own requests feel it. */
class UnrulyAppsTest {
    private static final String APPS =
            Path.of("target/test-classes/apps").toAbsolutePath().toString();
    private static final String NODE = "command: [node, unruly.js], directory: " + APPS;

    /** A server that waits for one application while it should serve another takes at least as long as its start. */
    private static final Duration BLOCKED = Duration.ofSeconds(3);

    @TempDir
    private Path base;

    @Test
    void aSlowStartDelaysNeitherTheRequestsNorTheStartsOfTwentyOthers() throws Exception {
        StringBuilder others = new StringBuilder(context(
                "slow",
                "until [ -e " + base + "/go ]; do sleep 0.1; done; exec node unruly.js",
                "ready: { timeout: 1m }"));
        IntStream.range(0, 20)
                .forEach(i -> others.append("  /app" + i + ": { " + NODE + ", env: { VERSION: app" + i + " } }\n"));
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, "contexts:\n" + others)) {
            marina.get("/app0/");
            List<CompletableFuture<HttpResponse<String>>> waiting = IntStream.range(0, 200)
                    .mapToObj(i -> marina.getAsync("/slow/"))
                    .toList();
            Load load = Load.of(100, marina, "/app0/slow?ms=20");

            for (int i = 1; i < 20; i++) {
                assertThat(marina.get("/app" + i + "/").body()).isEqualTo("app" + i);
            }
            assertThat(marina.status("/slow").state())
                    .as("the slow one, while all others answer")
                    .isEqualTo("starting");
            Files.createFile(base.resolve("go"));
            marina.awaitState("/slow", "ready");
            load.stop();

            assertThat(load.answers()).hasSizeGreaterThan(200).containsOnly("200 app0");
            assertThat(load.longest()).isLessThan(BLOCKED);
            waiting.forEach(request -> assertThat(request.join().statusCode()).isIn(200, 503)); // page_after is 5s
        }
    }

    @Test
    void aCrashAtTheStartAnswersAllWhoWaitAtOnceAndKeepsTheLastWords() throws Exception {
        String script = "sleep 1; seq -f 'line %g' 1 30; date +%s%N > " + base + "/died; exit 7";
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, "contexts:\n" + context("app", script, ""))) {
            List<CompletableFuture<Instant>> waiting = IntStream.range(0, 300)
                    .mapToObj(i -> marina.getAsync("/app/").thenApply(answer -> {
                        assertThat(answer.statusCode()).isEqualTo(503);
                        return Instant.now();
                    }))
                    .toList();
            Instant last = waiting.stream()
                    .map(CompletableFuture::join)
                    .max(Instant::compareTo)
                    .orElseThrow();

            long died = Long.parseLong(Files.readString(base.resolve("died")).strip());
            Duration late = Duration.between(Instant.EPOCH.plusNanos(died), last);
            System.out.println(
                    "The last of 300 waiting requests was answered " + late.toMillis() + " ms after the exit");
            assertThat(late)
                    .as("100 ms are promised, on a machine that has the time")
                    .isLessThan(Duration.ofSeconds(2));
            assertThat(marina.status("/app").backend().reason())
                    .contains("exit status 7", "line 11 | ", "line 30")
                    .doesNotContain("line 10 ");
        }
    }

    @Test
    void aCrashUnderLoadCostsOnlyWhatWasInFlightThere() throws Exception {
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, two())) {
            long victim = Long.parseLong(marina.get("/app/pid").body());
            Load struck = Load.of(200, marina, "/app/slow?ms=20");
            Load other = Load.of(200, marina, "/other/slow?ms=20");
            await().until(() -> struck.answers().size() > 400 && other.answers().size() > 400);

            other.forgetWaits();
            ProcessHandle.of(victim).orElseThrow().destroyForcibly();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> marina.status("/app").backend().starts() == 2);
            int sofar = struck.answers().size();
            await().atMost(Duration.ofSeconds(20)).until(() -> struck.answers().size() > sofar + 400);
            struck.stop();
            other.stop();

            assertThat(other.answers()).containsOnly("200 other");
            assertThat(other.longest()).isLessThan(BLOCKED);
            assertThat(struck.answers()).isSubsetOf("200 app", "502", "503");
            assertThat(struck.answers())
                    .filteredOn(answer -> !answer.startsWith("200"))
                    .hasSizeLessThanOrEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "node unruly.js; true", // a shell that stays
                "exec node unruly.js",
                "./bundle exec node unruly.js",
                "npm start",
                "DAEMON=${BASE}/daemon exec node unruly.js", // adopted by init
                "sleep 600 & exec node unruly.js", // holds the pipe
                "(trap '' TERM; sleep 600; sleep 600) & exec node unruly.js",
                "setsid sleep 600 & exec node unruly.js"
            })
    void nothingOfAFamilyIsLeftWhenItIsStopped(String script) throws Exception {
        assumeTrue(!script.startsWith("npm") || Files.isExecutable(Path.of("/usr/bin/npm")), "no npm here");
        Files.copy(Path.of(APPS, "unruly.js"), base.resolve("unruly.js"));
        MarinaUnderTest.write(base, "package.json", "{ \"scripts\": { \"start\": \"node unruly.js\" } }");
        MarinaUnderTest.write(base, "bundle", "#!/bin/sh\nshift\n\"$@\" &\nwait\n");
        assertThat(base.resolve("bundle").toFile().setExecutable(true)).isTrue();
        Family family = new Family();
        String keys = "directory: %s, stop_timeout: 1s, env: { %s, VERSION: app, HOME: %s }"
                .formatted(base, family.variable(), base);
        String yaml = "contexts: { /app: { command: [sh, -c, \"%s\"], %s } }\n"
                .formatted(script.replace("${BASE}", base.toString()), keys);
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, yaml)) {
            assertThat(marina.get("/app/").body()).isEqualTo("app");
            assertThat(family.members()).isNotEmpty();

            marina.server()
                    .host()
                    .contexts()
                    .iterator()
                    .next()
                    .stop(Duration.ZERO)
                    .get(10, TimeUnit.SECONDS);
            assertThat(family.members()).as("after a stop").isEmpty();

            marina.get("/app/");
            ProcessHandle.of(marina.status("/app").backend().pid())
                    .orElseThrow()
                    .destroyForcibly();
            await().untilAsserted(() ->
                    assertThat(family.members()).as("after a crash").isEmpty());
        }
        assertThat(family.members()).isEmpty();
    }

    @Test
    void anApplicationThatEatsMemoryHarmsNobodyElse() throws Exception {
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, two())) {
            marina.get("/other/");
            Load other = Load.of(100, marina, "/other/slow?ms=20");

            assertThat(marina.get("/app/eat?mb=400").body()).isEqualTo("app");
            other.stop();

            assertThat(other.answers()).containsOnly("200 other");
            assertThat(other.longest()).isLessThan(BLOCKED);
        }
    }

    private static String two() {
        return "contexts:\n  /app: { " + NODE + ", env: { VERSION: app } }\n  /other: { " + NODE
                + ", env: { VERSION: other } }\n";
    }

    private static String context(String name, String script, String keys) {
        return "  /%s: { command: [sh, -c, \"%s\"], directory: %s, env: { VERSION: %s }, %s }\n"
                .formatted(name, script, APPS, name, keys);
    }
}
