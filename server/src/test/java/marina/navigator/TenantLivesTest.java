package marina.navigator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file for Navigator: how its tenants are started and kept, by the keys of its manual. */
class TenantLivesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

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

    private void start(String applications) {
        start("", applications);
    }

    private void start(String server, String applications) {
        marina = new NavigatorBed(base)
                .passwords()
                .navigator("server: {listen: LISTEN" + server + "}\napplications:\n" + NavigatorBed.NODE + applications)
                .start();
    }

    @ParameterizedTest
    @ValueSource(strings = {"404", "500"})
    void anyAnswerOfTheProbeIsReady(String status) {
        start("  tenants: [{path: /one/, framework: node, env: {UP: '" + status + "'}}]\n");
        assertThat(marina.get("/one/x").statusCode()).isEqualTo(200);
    }

    @Test
    void aTenantMayBeProbedElsewhere() {
        start("  tenants: [{path: /one/, framework: node, health_check: /one/alive}]\n");
        assertThat(marina.get("/one/x").statusCode()).isEqualTo(200);
        assertThat(marina.server()
                        .host()
                        .contextFor("/one/x")
                        .orElseThrow()
                        .config()
                        .lifecycle()
                        .readyPath())
                .isEqualTo("/one/alive");
    }

    @Test
    void aHealthCheckWithoutAnAnswerIsTheTenantsAndNeedsNoPassword() {
        marina = new NavigatorBed(base)
                .passwords()
                .navigator(
                        """
                        server: {listen: LISTEN, health_check: {path: /one/up}}
                        auth: {enabled: true, htpasswd: config/htpasswd}
                        applications:
                        """
                                + NavigatorBed.NODE
                                + "  tenants: [{path: /one/, framework: node}]\n")
                .start();
        assertThat(marina.get("/one/up").body()).contains("\"path\":\"/one/up\"");
        assertThat(marina.get("/one/x").statusCode()).isEqualTo(401);
    }

    @Test
    void aHealthCheckWithoutAStatusIs200() {
        // There the connection is closed without an answer.
        start(", health_check: {path: /up, response: {body: fine}}", "  tenants: []\n");
        HttpResponse<String> answer = marina.get("/up");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("fine");
        assertThat(answer.headers().firstValue("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"${PORT}", "${port}", "{{port}}", "$PORT"})
    void thePortMayBeWrittenInSeveralWaysInArguments(String port) {
        String app =
                Path.of("src/test/resources/apps/tenant.js").toAbsolutePath().toString();
        start("  tenants: [{path: /one/, runtime: sh, server: -c, args: ['PORT=$0 exec node " + app + "', '" + port
                + "']}]\n");
        assertThat(marina.get("/one/x").statusCode()).isEqualTo(200);
    }

    @Test
    void eachTenantMayHaveItsOwnTimeAndOneThatIsKeptRunsFromTheBeginning() {
        start(
                """
                  pools: {timeout: 5m}
                  tenants:
                    - {path: /short/, framework: node, idle_timeout: 300ms}
                    - {path: /long/, framework: node}
                    - {path: /kept/, framework: node, min_instances: 1, idle_timeout: 300ms}
                    - {path: /many/, framework: node, max_processes: 2, env: {SHOW_PID: '1'}}
                """);
        marina.awaitState("/kept", "ready");
        assertThat(marina.get("/short/x").statusCode()).isEqualTo(200);
        assertThat(marina.get("/long/x").statusCode()).isEqualTo(200);
        marina.awaitState("/short", "stopped");
        assertThat(marina.status("/long").state()).isEqualTo("ready");
        assertThat(marina.status("/kept").state()).isEqualTo("ready");
        assertThat(marina.get("/many/x").statusCode()).isEqualTo(200);
        List<CompletableFuture<HttpResponse<String>>> both =
                List.of(marina.getAsync("/many/slow?ms=3000"), marina.getAsync("/many/slow?ms=3000"));
        await().atMost(PATIENCE).until(() -> marina.status("/many").pids().size() == 2);
        assertThat(both)
                .allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));
    }

    @Test
    void oneThatIsKilledWhileNobodyAsksIsStartedForTheNextRequest() {
        start("  tenants: [{path: /one/, framework: node, env: {SHOW_PID: '1'}}]\n");
        assertThat(marina.get("/one/x").statusCode()).isEqualTo(200);
        long pid = marina.status("/one").pids().get(0);
        assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
        marina.awaitState("/one", "failed");
        // There all requests are answered with 502 from now on.
        assertThat(marina.get("/one/x").statusCode()).isEqualTo(200);
        assertThat(marina.status("/one").pids()).hasSize(1).doesNotContain(pid);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reject", "static-only"})
    void crawlersReachNoTenantThatDoesNotSayOtherwise(String action) {
        start(
                ", bot_detection: {enabled: true, action: " + action + "}",
                """
                  tenants:
                    - {path: /one/, framework: node}
                    - {path: /open/, framework: node, bot_detection: {enabled: true, action: ignore}}
                """);
        String[] crawler = {"User-Agent", "GPTBot/1.0"};
        assertThat(marina.get("/one/x", crawler).statusCode()).isEqualTo(403);
        assertThat(marina.get("/open/x", crawler).statusCode()).isEqualTo(200);
        assertThat(marina.get("/one/x", "User-Agent", "Firefox/140").statusCode())
                .isEqualTo(200);
    }

    @Test
    void largeBodiesArriveWhole() {
        start("  tenants: [{path: /one/, framework: node}]\n");
        assertThat(marina.post("/one/x", "x".repeat(10_000_000)).body()).contains("\"bytes\":10000000");
    }

    @Test
    void aThousandRequestsAtOnceAreAllAnswered() {
        start("  tenants: [{path: /one/, framework: node}, {path: /two/, framework: node}]\n");
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            answers.add(marina.getAsync(i % 2 == 0 ? "/one/" + i : "/two/" + i));
        }
        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));
    }
}
