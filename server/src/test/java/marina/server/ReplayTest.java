package marina.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import marina.fleet.Here;
import marina.fleet.HopSeal;
import marina.fleet.HopState;
import marina.fleet.ReplayFields;
import marina.testing.FleetBed;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a machine on Fly answers to requests for others, as its clients and Fly's proxy see it. */
@SuppressWarnings("NullAway.Init")
class ReplayTest {
    private static final String SECRET = "a-secret-of-thirty-two-characters";

    private static final String CONFIG =
            """
            fleet: { dns: { server: "DNS", timeout: 2s }, secret: a-secret-of-thirty-two-characters, cold_start: 45s }
            auth: { htpasswd: conf/htpasswd, public: ["/open/", "/print/", "*.css"] }
            public: { directory: public }
            routes:
              - { match: "^/pdf/", replay: { region: fra, timeout: 90s } }
              - { match: "^/print/", methods: [POST], replay: { app: printer } }
              - { match: "^/here/(.*)$", replay: { region: ewr } }
              - { match: "^/here/(.*)$", redirect: "/found/$1" }
              - { match: "^/old/(.*)$", rewrite: "/syd/$1" }
              - { match: "^/syd/gone$", redirect: "/" }
            contexts:
              /: { files: site }
              /syd: { files: site, region: syd }
              /fra: { files: site, region: fra }
              /lhr: { files: site, region: lhr }
              /m2: { files: site, machine: m2 }
              /both: { files: site, regions: [lhr, syd] }
              /far: { files: site, regions: [syd, ewr], primary: syd, auth: false }
              /ewr: { files: site, region: ewr, auth: false }
              /bots: { files: site, region: syd, auth: false, bots: reject }
              /closed: { files: site, region: syd, maintenance: { enabled: true } }
              /start: { command: "false", region: syd, min_instances: 1 }
            """;

    @TempDir
    private static Path base;

    private static FleetBed bed;
    private static MarinaUnderTest marina;

    @BeforeAll
    static void start() throws IOException {
        bed = new FleetBed(base);
        bed.dns()
                .ttl(300)
                .txt("vms.app.internal", "m1 ewr,m2 syd")
                .txt("all.vms.app.internal", "m1 ewr,m2 syd,m3 fra")
                .txt("vms.printer.internal", "p1 iad")
                .txt("all.vms.printer.internal", "p1 iad");
        for (String file :
                new String[] {"site/index.html", "public/style.css", "public/open/a.txt", "public/own.html"}) {
            MarinaUnderTest.write(base.resolve("m1-0"), file, "text of " + file);
        }
        MarinaUnderTest.write(base.resolve("m1-0"), "conf/htpasswd", "anna:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=\n");
        marina = bed.onFly("m1", "ewr", CONFIG);
        for (String path : new String[] {"/syd/", "/lhr/", "/fra/", "/m2/"}) { // the first request may not wait for DNS
            var unused = marina.get(path);
        }
        var unused = marina.post("/print/x", "");
        await().pollDelay(Duration.ofMillis(100)).until(() -> FleetBed.count(marina, "DnsQuestions") >= 4);
        await().untilAsserted(() -> {
            assertThat(marina.get("/fra/").headers().firstValue("fly-replay").orElse(""))
                    .contains("timeout=45s");
            assertThat(marina.get("/lhr/").statusCode()).isEqualTo(404);
        });
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    private static String replay(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(307);
        assertThat(answer.headers().firstValue("Location")).isEmpty();
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        return answer.headers().firstValue("fly-replay").orElse("").replaceFirst("state=[A-Za-z0-9_-]{40,}", "state=S");
    }

    @ParameterizedTest
    @CsvSource({
        "/syd/, region=syd;state=S;timeout=5s;fallback=force_self",
        "/syd/a/b?c=d, region=syd;state=S;timeout=5s;fallback=force_self",
        "/fra/, region=fra;state=S;timeout=45s;fallback=force_self",
        "/m2/, instance=m2;state=S;timeout=5s;fallback=force_self",
        "/both/, region=syd;state=S;timeout=5s;fallback=force_self",
        "/pdf/1, region=fra;state=S;timeout=90s;fallback=force_self",
        "/old/x, region=syd;state=S;timeout=5s;fallback=force_self",
        "/start/, region=syd;state=S;timeout=5s;fallback=force_self",
    })
    void flysProxyIsAskedToReplay(String path, String field) {
        assertThat(replay(marina.get(path))).isEqualTo(field);
    }

    @Test
    void anotherAppIsNamed() {
        assertThat(replay(marina.post("/print/x", "body"))).startsWith("app=printer;state=S;");
        assertThat(marina.get("/print/x").statusCode())
                .as("not for this method")
                .isEqualTo(404);
    }

    @Test
    void theStateTellsWhoHasSentItHowOften() {
        String field = marina.get("/syd/").headers().firstValue("fly-replay").orElse("");
        HopState state = new HopSeal(SECRET)
                .read(ReplayFields.parse(field).getOrDefault("state", ""))
                .orElseThrow();

        assertThat(state.hops()).isEqualTo(1);
        assertThat(state.sender()).isEqualTo(new Here("app", "ewr", "m1"));
    }

    @Test
    void thePasswordIsAskedForWhereTheContextLives() {
        assertThat(marina.get("/syd/").statusCode()).isEqualTo(307);
        assertThat(marina.get("/").statusCode()).isEqualTo(401);
        assertThat(marina.get("/ewr/").body()).isEqualTo("text of site/index.html");
    }

    @Test
    void whatDoesNotExistIsNotReplayed() {
        HttpResponse<String> answer = marina.get("/lhr/");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("Not provisioned");
        assertThat(answer.headers().firstValue("fly-replay")).isEmpty();
        assertThat(FleetBed.count(marina, "Absent")).isPositive();
    }

    @Test
    void dataIsChangedInThePrimaryRegionOnly() {
        assertThat(marina.get("/far/").statusCode()).isEqualTo(200);
        assertThat(replay(marina.post("/far/", "x=1"))).startsWith("region=syd;");
    }

    @Test
    void aRouteThatLeadsHereIsPassedOver() {
        HttpResponse<String> answer = marina.get("/here/a", "Authorization", "Basic YW5uYTp0ZXN0");

        assertThat(answer.statusCode()).isEqualTo(302);
        assertThat(answer.headers().firstValue("Location")).contains("/found/a");
    }

    @Test
    void aRouteComesBeforeTheContext() {
        assertThat(marina.get("/syd/gone", "Authorization", "Basic YW5uYTp0ZXN0")
                        .statusCode())
                .isEqualTo(302);
    }

    @Test
    void publicFilesAndCrawlersWakeNobody() {
        assertThat(marina.get("/bots/", "User-Agent", "Googlebot/2.1").statusCode())
                .isEqualTo(403);
        assertThat(marina.get("/bots/", "User-Agent", "Mozilla/5.0").statusCode())
                .isEqualTo(307);
        assertThat(marina.get("/closed/").statusCode()).isEqualTo(503);
        assertThat(marina.get("/style.css").body()).isEqualTo("text of public/style.css");
        assertThat(marina.get("/up").body()).isEqualTo("OK");
    }

    @Test
    void whatLivesElsewhereIsNotStartedHere() {
        assertThat(marina.status("/start").state()).isEqualTo("stopped");
    }

    @Test
    void whatCameBackGetsAPageThatTriesAgain() {
        HttpResponse<String> answer = marina.get(
                "/syd/",
                "fly-replay-failed",
                "instance=m2;app=app;region=syd;replay_source=m1;reason=timeout;elapsed_ms=5000");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("5");
        assertThat(answer.headers().firstValue("Refresh")).contains("5");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(answer.headers().firstValue("fly-replay")).isEmpty();
        assertThat(bed.logged("/syd/ came back from syd")).isNotEmpty();
    }

    private static String source(int hops, String region, String machine, String separator) {
        String state = new HopSeal(SECRET).write(new HopState(hops, new Here("app", region, machine), "other"));
        return "instance=" + machine + separator + "region=" + region + separator + "t=1" + separator + "state="
                + state;
    }

    @ParameterizedTest
    @ValueSource(strings = {";", ",", "; "})
    void aRequestThatWouldGoBackEndsAndBothConfigurationsAreNamed(String separator) {
        await().untilAsserted(
                        () -> { // one line a second is logged
                            HttpResponse<String> answer =
                                    marina.get("/syd/", "fly-replay-src", source(1, "syd", "m2", separator));

                            assertThat(answer.statusCode()).isEqualTo(508);
                            assertThat(answer.body()).contains("do not agree");
                            assertThat(bed.logged("machines do not agree where /syd/ belongs"))
                                    .anyMatch(line -> line.contains("region=syd machine=m2 (placements other)")
                                            && line.contains("machine=m1 (placements ")
                                            && line.contains("says syd"));
                        });
    }

    @Test
    void aRequestThatHasGoneFarEnoughEnds() {
        assertThat(replay(marina.get("/syd/", "fly-replay-src", source(1, "fra", "m3", ";"))))
                .startsWith("region=syd;");
        assertThat(marina.get("/syd/", "fly-replay-src", source(2, "fra", "m3", ";"))
                        .statusCode())
                .isEqualTo(508);
        assertThat(marina.get("/ewr/", "fly-replay-src", source(2, "fra", "m3", ";"))
                        .statusCode())
                .as("it is where it belongs")
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"instance=m2;region=syd;t=1", "instance=m2;region=syd;t=1;state=MXxhcHB8c3lkfG0yfHg"})
    void aWayThatIsNotSignedIsRefused(String source) {
        assertThat(marina.get("/ewr/", "fly-replay-src", source).statusCode()).isEqualTo(403);
        assertThat(marina.get("/syd/", "fly-replay-src", source).statusCode()).isEqualTo(403);
        assertThat(FleetBed.count(marina, "Refused")).isPositive();
    }

    @Test
    void whatFlyRemembersWronglyIsToBeForgotten() {
        HttpResponse<String> answer = marina.get("/syd/", "fly-replay-cache-status", "hit");

        assertThat(answer.headers().firstValue("fly-replay-cache")).contains("invalidate");
    }

    @Test
    void eachDecisionIsInTheAccessLog() {
        assertThat(marina.get("/m2/log?me=1").statusCode()).isEqualTo(307);
        assertThat(marina.get("/ewr/?me=1").statusCode()).isEqualTo(200);
        await().untilAsserted(() -> {
            assertThat(bed.logged("GET /m2/log?me=1"))
                    .singleElement()
                    .asString()
                    .endsWith(" fleet=replay:m2:live");
            assertThat(bed.logged("GET /ewr/?me=1")).singleElement().asString().endsWith(" fleet=serve");
        });
        assertThat(marina.get("/up?me=1").statusCode()).isEqualTo(200);
        await().untilAsserted(() -> assertThat(bed.logged("GET /up?me=1"))
                .singleElement()
                .asString()
                .doesNotContain("fleet="));
    }

    @Test
    void aWebSocketIsReplayedBeforeItIsUpgraded() {
        try (RawClient client = new RawClient(marina.uri(""))) {
            String head = String.join(
                    "\r\n",
                    "GET /syd/live HTTP/1.1",
                    "Host: x",
                    "Connection: Upgrade",
                    "Upgrade: websocket",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
            String answer = client.send(head + "\r\n\r\n").answer();

            assertThat(answer).startsWith("HTTP/1.1 307 ").contains("\r\nfly-replay: region=syd;");
        }
    }
}
