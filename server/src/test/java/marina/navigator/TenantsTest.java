package marina.navigator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file for Navigator: its tenants start, answer and stop, without the harm that they do each other there. */
class TenantsTest {
    @TempDir
    private Path base;

    @SuppressWarnings("NullAway.Init")
    private MarinaUnderTest marina;

    @AfterEach
    void stop() {
        if (marina != null) {
            marina.close();
        }
    }

    private MarinaUnderTest start(String applications) {
        marina = new NavigatorBed(base)
                .file("public/503.html", "please wait")
                .program("bin/log.sh", "echo \"$1 $2 $WHERE\" >> hooks.log\n")
                .program("bin/fail.sh", "exit 3\n")
                .navigator("server: {listen: LISTEN}\nmaintenance: {page: /503.html}\napplications:\n"
                        + NavigatorBed.NODE + applications)
                .start();
        return marina;
    }

    @Test
    void varsFillTheEnvironmentAndWhatHasNoValueStays() {
        start(
                """
                  env: {RAILS_APP_DB: 'my_${database}_${database}', DATABASE_URL: 'x/${nobody}', RAILS_APP_OWNER: 'a$b'}
                  tenants: [{path: /one, framework: node, var: {database: production}}]
                """);
        assertThat(marina.get("/one/x").body())
                .contains("\"database\":\"my_production_production\"")
                .contains("\"url\":\"x/${nobody}\"")
                .contains("\"owner\":\"a$b\"")
                .contains("\"directory\":\"" + base + "\"");
    }

    @Test
    void aSlowStartHoldsUpNobodyElseAndShowsThePage() {
        start(
                """
                  startup_timeout: 300ms
                  tenants:
                    - {path: /slow/, framework: node, hooks: {start: [{command: sleep, args: ["2"]}]}}
                    - {path: /quick/, framework: node}
                """);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> marina.get("/quick/x").statusCode() == 200);
        // There all tenants wait behind the one that starts, up to 30 seconds.
        CompletableFuture<HttpResponse<String>> slow = marina.getAsync("/slow/x");
        assertThat(marina.get("/quick/x").statusCode()).isEqualTo(200);
        HttpResponse<String> page = slow.join();
        assertThat(page.statusCode()).isEqualTo(503);
        assertThat(page.body()).contains("please wait");
        assertThat(page.headers().firstValue("retry-after")).isPresent();
        await().atMost(Duration.ofSeconds(20)).until(() -> marina.get("/slow/x").statusCode() == 200);
    }

    @Test
    void aTenantThatHasEndedStartsAgain() {
        start("  tenants: [{path: /one/, framework: node, env: {SHOW_PID: '1'}}]\n");
        String first = marina.get("/one/x").body();
        assertThat(marina.get("/one/exit").statusCode()).isEqualTo(502);
        // There it stays registered, and every request is 502 until nobody has asked for a long time.
        await().atMost(Duration.ofSeconds(20)).until(() -> marina.get("/one/x").statusCode() == 200);
        assertThat(marina.get("/one/x").body()).isNotEqualTo(first);
    }

    @Test
    void aTenantThatCannotStartFailsAtOnceAndAlone() {
        start(
                """
                  tenants:
                    - {path: /broken/, framework: node, server: none.js}
                    - {path: /good/, framework: node}
                """);
        long begin = System.nanoTime();
        assertThat(marina.get("/broken/x").statusCode()).isEqualTo(503);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
        assertThat(marina.get("/good/x").statusCode()).isEqualTo(200);
    }

    @Test
    void anyAnswerOfTheHealthCheckIsReadyAndAnOldPidFileIsNoHindrance() {
        start(
                """
                  env: {PIDFILE: 'pids/${database}.pid'}
                  tenants: [{path: /one/, framework: node, var: {database: one}, env: {UP: '503'}}]
                """);
        MarinaUnderTest.write(base, "pids/one.pid", "1");
        assertThat(marina.get("/one/x").statusCode()).isEqualTo(200);
        assertThat(base.resolve("pids/one.pid")).doesNotExist();
        assertThat(base.resolve("pids")).exists();
    }

    @Test
    void idlenessCountsFromTheEndOfARequestAndStopHooksRunInOrder() throws Exception {
        start(
                """
                  pools: {timeout: 500ms}
                  tenants:
                    - path: /one/
                      framework: node
                      var: {database: one}
                      hooks: {stop: [{command: bin/log.sh, args: [own, '${database}']}]}
                hooks:
                  tenant:
                    stop:
                      - {command: bin/log.sh, args: [default, '${database}'], env: {WHERE: 'there-${database}'}}
                      - {command: bin/fail.sh}
                """);
        // There the process is killed in the middle of this request.
        assertThat(marina.get("/one/slow?ms=1500").statusCode()).isEqualTo(200);
        Path log = base.resolve("hooks.log");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> Files.exists(log) && Files.readString(log).contains("own"));
        // One that fails does not keep the next one from running.
        assertThat(Files.readAllLines(log)).containsExactly("default one there-one", "own one ");
        assertThat(marina.get("/one/x").statusCode()).isEqualTo(200);
    }

    @Test
    void noMoreRunThanThePoolHolds() {
        start(
                """
                  pools: {max_size: 2, timeout: 5m}
                  tenants:
                    - {path: /a/, framework: node}
                    - {path: /b/, framework: node}
                    - {path: /c/, framework: node}
                """);
        for (String path : List.of("/a/x", "/b/x", "/c/x", "/a/x")) {
            await().atMost(Duration.ofSeconds(20)).until(() -> marina.get(path).statusCode() == 200);
            assertThat(marina.server().runningBackends()).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void eventsArriveOneByOne() throws Exception {
        start("  tenants: [{path: /one/, framework: node}]\n");
        marina.get("/one/x");
        HttpRequest events = HttpRequest.newBuilder(marina.uri("/one/events")).build();
        try (InputStream body = HttpClient.newHttpClient()
                .send(events, HttpResponse.BodyHandlers.ofInputStream())
                .body()) {
            // There nothing comes before the answer has ended.
            assertThat(new String(body.readNBytes("data: 1".length()), StandardCharsets.UTF_8))
                    .isEqualTo("data: 1");
            marina.get("/one/go");
            assertThat(new String(body.readAllBytes(), StandardCharsets.UTF_8)).contains("data: 2");
        }
    }

    @Test
    void refusedUpgradesDoNotKeepATenantAwake() {
        start(
                """
                  pools: {timeout: 500ms}
                  tenants: [{path: /one/, framework: node}]
                """);
        marina.get("/one/x");
        assertThat(RawClient.status(marina.uri("/"), "GET", "/one/refuse", "Upgrade: websocket", "Connection: Upgrade"))
                .isEqualTo(403);
        // There it is counted as open for ever.
        marina.awaitState("/one", "stopped");
    }

    @Test
    void aReloadGivesNobodyTheProcessOfAnother() {
        start(
                """
                  env: {RAILS_APP_DB: '${database}'}
                  tenants:
                    - {path: /a/, framework: node, var: {database: a}}
                    - {path: /b/, framework: node, var: {database: b}}
                """);
        assertThat(marina.get("/a/x").body()).contains("\"database\":\"a\"");
        assertThat(marina.get("/a/exit").statusCode()).isEqualTo(502);
        marina.server().reloader().reload().join();
        // There b gets the port of a, and requests for a are answered by b, from its database.
        await().atMost(Duration.ofSeconds(20)).until(() -> marina.get("/b/x").statusCode() == 200);
        await().atMost(Duration.ofSeconds(20)).until(() -> marina.get("/a/x").statusCode() == 200);
        assertThat(marina.get("/a/x").body()).contains("\"database\":\"a\"");
        assertThat(marina.get("/b/x").body()).contains("\"database\":\"b\"");
    }

    @Test
    void aTenantListensOnlyForThisMachine() {
        NavigatorBed bed = new NavigatorBed(base)
                .navigator("server: {listen: LISTEN}\napplications: {tenants: [{path: /rails/}]}\n");
        // There the arguments for Rails say 0.0.0.0.
        assertThat(bed.converted(base))
                .contains("[ruby, bin/rails, server, \"-b\", \"127.0.0.1\", \"-p\", \"${port}\"]");
    }
}
