package marina.cgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What ends a script, and what its end brings about. */
class ScriptEndTest {
    private static final String FAMILY =
            """
            printf '%s' "$1"
            trap '' TERM
            sh -c 'trap "" TERM; echo $$ > grandchild.pid; while :; do sleep 0.1; done' &
            echo $$ > script.pid
            while :; do sleep 0.1; done
            """;

    @TempDir
    private Path base;

    private ScriptsUnderTest scripts;

    @BeforeEach
    void writeScripts() {
        scripts = new ScriptsUnderTest(base)
                .sh("silent.sh", FAMILY)
                .sh("talking.sh", "printf 'Content-Type: a/b\\n\\nbegun'\n" + FAMILY)
                .sh(
                        "lines.sh",
                        "printf 'Content-Type: a/b\\n\\n'; echo $$ > script.pid\n"
                                + "while :; do head -c 100000 /dev/zero; sleep 0.01; done")
                .sh("wait.sh", "echo x >> begun; while [ ! -e go ]; do sleep 0.02; done\nprintf 'Status: 204\\n\\n'")
                .sh("hello.sh", "printf 'Content-Type: a/b\\n\\nhello'");
    }

    @Test
    void whenItsTimeIsOverTheWholeTreeEnds() {
        try (MarinaUnderTest marina = start()) {
            HttpResponse<String> silent = marina.get("/silent/");
            assertThat(silent.statusCode()).isEqualTo(504);
            assertThat(silent.body()).contains("took too long");
            awaitEndOfFamily();

            String talking = RawClient.get(marina.uri(""), "/talking/");
            assertThat(talking).startsWith("HTTP/1.1 200").contains("begun").doesNotEndWith("0\r\n\r\n");
            awaitEndOfFamily();
        }
    }

    @Test
    void whenTheClientLeavesTheWholeTreeEnds() throws Exception {
        try (MarinaUnderTest marina = start()) {
            try (RawClient client = new RawClient(marina.uri(""))) {
                client.send("GET /lines/ HTTP/1.1\r\nHost: x\r\n\r\n").answer();
                assertThat(ScriptsUnderTest.isAlive(scripts.pid("cgi/script.pid")))
                        .isTrue();
            }
            await().until(() -> !ScriptsUnderTest.isAlive(scripts.pid("cgi/script.pid")));
            Files.delete(base.resolve("cgi/script.pid"));

            try (RawClient client = new RawClient(marina.uri(""))) {
                client.send("POST /upload/ HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf");
                await().until(() -> scripts.pid("cgi/grandchild.pid") > 0);
            }
            awaitEndOfFamily();
        }
    }

    @Test
    void whoLeavesWhileTheScriptIsSilentEndsIt() {
        try (MarinaUnderTest marina = start()) {
            try (RawClient client = new RawClient(marina.uri(""))) {
                client.send("GET /forever/ HTTP/1.1\r\nHost: x\r\n\r\n");
                await().until(() -> scripts.pid("cgi/grandchild.pid") > 0);
            }
            awaitEndOfFamily();
            await().until(() -> marina.status("/forever").backend().leases() == 0);
        }
    }

    @Test
    void whoLeftBeforeTheAnswerIsLoggedAs499() {
        Logger log = (Logger) LoggerFactory.getLogger("marina.access");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        log.addAppender(lines);
        log.setLevel(Level.INFO);
        try (MarinaUnderTest marina = start()) {
            try (RawClient client = new RawClient(marina.uri(""))) {
                client.send("POST /upload/ HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf");
                await().until(() -> scripts.pid("cgi/grandchild.pid") > 0);
            }
            await().untilAsserted(() -> assertThat(List.copyOf(lines.list))
                    .anyMatch(line -> line.getFormattedMessage().contains("POST /upload/ HTTP/1.1\" 499 ")));
        } finally {
            log.detachAppender(lines);
            log.setLevel(null);
        }
    }

    @Test
    void soManyRunAtOnceAndNoMore() {
        try (MarinaUnderTest marina = start()) {
            List<CompletableFuture<HttpResponse<String>>> waiting = IntStream.range(0, 2)
                    .mapToObj(i -> marina.getAsync("/wait/"))
                    .toList();
            await().until(() -> Files.exists(base.resolve("cgi/begun"))
                    && Files.readString(base.resolve("cgi/begun")).length() == 4);

            HttpResponse<String> refused = marina.get("/wait/");
            HttpResponse<String> other = marina.get("/hello/");
            MarinaUnderTest.write(base, "cgi/go", "");

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(other.statusCode()).isEqualTo(200);
            assertThat(waiting)
                    .allSatisfy(one -> assertThat(one.join().statusCode()).isEqualTo(204));
            await().untilAsserted(
                            () -> assertThat(marina.get("/wait/").statusCode()).isEqualTo(204));
        }
    }

    @Test
    void manyRunsLeaveNothingBehind() {
        try (MarinaUnderTest marina = start()) {
            for (int round = 0; round < 20; round++) {
                List<CompletableFuture<HttpResponse<String>>> all = IntStream.range(0, 8)
                        .mapToObj(i -> marina.getAsync("/hello/"))
                        .toList();
                assertThat(all).allSatisfy(one -> assertThat(one.join().body()).isEqualTo("hello"));
            }
            await().until(() -> marina.status("/hello").backend().leases() == 0);
            await().untilAsserted(
                            () -> assertThat(base.resolve("run/processes")).isEmptyDirectory());
        }
    }

    @Test
    void clientsThatLeaveAtAnyMomentLeaveNothingBehind() {
        try (MarinaUnderTest marina = start()) {
            Random random = new Random(7);
            List<CompletableFuture<Void>> clients = IntStream.range(0, 60)
                    .mapToObj(number -> random.nextInt(3))
                    .map(moment -> CompletableFuture.runAsync(() -> leave(marina, moment)))
                    .toList();
            assertThat(clients).allSatisfy(client -> assertThat(client).succeedsWithin(Duration.ofSeconds(30)));

            await().until(() -> marina.status("/lines").backend().leases() == 0);
            await().untilAsserted(
                            () -> assertThat(base.resolve("run/processes")).isEmptyDirectory());
            assertThat(marina.get("/hello/").body()).isEqualTo("hello");
        }
    }

    private static void leave(MarinaUnderTest marina, int moment) {
        String head = "POST /lines/ HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n";
        try (RawClient client = new RawClient(marina.uri(""))) {
            client.send(moment == 0 ? head + "\r\nhalf" : head + "\r\n123456789");
            if (moment == 2) {
                client.answer();
            }
        }
    }

    @Test
    void theEndOfTheServerIsTheEndOfItsScripts() {
        MarinaUnderTest marina = start();
        CompletableFuture<HttpResponse<String>> waiting = marina.getAsync("/forever/");
        await().until(() -> scripts.pid("cgi/grandchild.pid") > 0);

        marina.close();

        // It is cut off, with an error if there is still time for one.
        CompletableFuture<Integer> status =
                waiting.handle((answer, failure) -> failure == null ? answer.statusCode() : 500);
        assertThat(status).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(500);
        awaitEndOfFamily();
    }

    @Test
    void afterItsSuccessTheConfigurationIsReadAgain() {
        scripts.sh(
                "add.sh",
                """
                read text
                printf 'Content-Type: text/plain\\n\\nadded %s' "$text"
                echo "  /$text: { cgi: cgi/hello.sh }" >> ../conf/server.yml
                exit ${QUERY_STRING:-0}
                """);
        String yaml =
                """
                routes:
                  - { match: "^/add$", methods: [POST], cgi: { script: cgi/add.sh, reload_config: conf/server.yml } }
                contexts:
                  /hello: { cgi: cgi/hello.sh }
                """;
        try (MarinaUnderTest marina = scripts.start(yaml)) {
            assertThat(marina.post("/add?1", "failed\n").body()).isEqualTo("added failed");
            assertThat(marina.post("/add", "new\n").body()).isEqualTo("added new");

            await().untilAsserted(
                            () -> assertThat(marina.get("/new/").statusCode()).isEqualTo(200));
        }
    }

    private MarinaUnderTest start() {
        return scripts.start(
                """
                drain: 100ms
                contexts:
                  /silent: { cgi: { script: cgi/silent.sh, timeout: 500ms } }
                  /talking: { cgi: { script: cgi/talking.sh, timeout: 500ms } }
                  /forever: { cgi: { script: cgi/silent.sh, timeout: 0 } }
                  /upload: { cgi: { script: cgi/silent.sh, timeout: 1m } }
                  /lines: { cgi: { script: cgi/lines.sh, timeout: 1m } }
                  /wait: { cgi: { script: cgi/wait.sh, max_concurrent: 2 } }
                  /hello: { cgi: cgi/hello.sh }
                """);
    }

    private void awaitEndOfFamily() {
        await().until(() -> scripts.pid("cgi/grandchild.pid") > 0);
        await().until(() -> !ScriptsUnderTest.isAlive(scripts.pid("cgi/grandchild.pid"))
                && !ScriptsUnderTest.isAlive(scripts.pid("cgi/script.pid")));
        boolean unused = base.resolve("cgi/grandchild.pid").toFile().delete();
    }
}
