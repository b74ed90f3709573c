package marina.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import marina.testing.DnsUnderTest.Fault;
import marina.testing.FleetBed;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same placements without Fly: on Kubernetes, with Consul, on a laptop. */
@SuppressWarnings("NullAway.Init")
class PeersTest {
    private static final String CONTEXTS =
            """
            contexts:
              /syd: { command: "node APPS/app.js", region: syd }
              /lhr: { command: "node APPS/app.js", region: lhr }
              /both: { command: "node APPS/app.js", regions: [lhr, syd] }
            """
                    .replace(
                            "APPS",
                            Path.of("src/test/resources/apps").toAbsolutePath().toString());

    @TempDir
    private Path base;

    private FleetBed bed;
    private MarinaUnderTest syd;

    @BeforeEach
    void start() throws IOException {
        bed = new FleetBed(base);
        bed.dns().ttl(300).address("marina-syd.svc", "127.0.0.1");
        syd = bed.elsewhere("syd", fleet("{ syd: \"http://127.0.0.1:1\" }", "") + CONTEXTS);
    }

    @AfterEach
    void stop() {
        bed.close();
    }

    private static String fleet(String peers, String more) {
        return "fleet: { platform: dns, dns: { server: \"DNS\", timeout: 5s }, peers: " + peers + more + " }\n";
    }

    private String template() {
        return "\"http://marina-{region}.svc:" + FleetBed.port(syd) + "\"";
    }

    @Test
    void requestsAreForwardedToThePeerOfTheRegion() {
        MarinaUnderTest ewr = bed.elsewhere("ewr", fleet(template(), "") + CONTEXTS);

        assertThat(ewr.get("/syd/x").body()).contains("\"url\":\"/syd/x\"");
        assertThat(ewr.status("/syd").state()).isEqualTo("stopped");
        await().untilAsserted(() -> assertThat(ewr.get("/both/x").body()).contains("\"url\":\"/both/x\""));
        assertThat(FleetBed.count(ewr, "Proxied")).isPositive();
    }

    @Test
    void aRegionWithoutAnswersOfDnsIsAbsent() {
        MarinaUnderTest ewr = bed.elsewhere("ewr", fleet(template(), "") + CONTEXTS);

        await().untilAsserted(() -> {
            HttpResponse<String> answer = ewr.get("/lhr/");
            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body()).contains("Not provisioned");
        });
    }

    @Test
    void whenDnsIsDeadThePageTriesAgainAndNothingIsServedHere() {
        bed.dns().fail(Fault.SERVFAIL);
        MarinaUnderTest ewr = bed.elsewhere("ewr", fleet(template(), "") + CONTEXTS);
        HttpResponse<String> answer = ewr.get("/syd/");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("5");
        assertThat(ewr.status("/syd").state()).isEqualTo("stopped");
    }

    @Test
    void clientsCanBeSentToThePeerInstead() {
        String peers = "{ syd: \"https://syd.example.com/\", lhr: \"http://127.0.0.1:1\" }";
        bed.dns().address("syd.example.com", "127.0.0.1");
        MarinaUnderTest ewr = bed.elsewhere("ewr", fleet(peers, ", transport: redirect") + CONTEXTS);
        HttpResponse<String> answer = ewr.post("/syd/a?b=c", "body");

        assertThat(answer.statusCode()).isEqualTo(307);
        assertThat(answer.headers().firstValue("Location")).contains("https://syd.example.com/syd/a?b=c");
        assertThat(ewr.get("/lhr/").headers().firstValue("Location")).contains("http://127.0.0.1:1/lhr/");
    }

    @Test
    void aPeerThatDoesNotListenIs503AndThePageTriesAgain() {
        MarinaUnderTest ewr = bed.elsewhere("ewr", fleet("{ lhr: \"http://127.0.0.1:1\" }", "") + CONTEXTS);
        HttpResponse<String> answer = ewr.get("/lhr/");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("5");
        assertThat(bed.logged("Fleet: lhr: http://127.0.0.1:1 does not answer")).isNotEmpty();
    }

    @Test
    void theNextRegionAnswersForOneThatDoesNotListenAndIsAskedFirstForAWhile() {
        String peers = "{ lhr: \"http://127.0.0.1:1\", syd: \"http://127.0.0.1:" + FleetBed.port(syd) + "\" }";
        MarinaUnderTest ewr = bed.elsewhere("ewr", fleet(peers, "") + CONTEXTS);

        assertThat(ewr.post("/both/upload", "12345").body()).as("the body, too").isEqualTo("5");
        assertThat(ewr.get("/both/x").body()).contains("\"url\":\"/both/x\"");
        await().untilAsserted(
                        () -> assertThat(bed.logged("fleet=proxy:syd:live")).hasSize(2));
        assertThat(bed.logged("Fleet: lhr: http://127.0.0.1:1 does not answer")).hasSize(1);
        assertThat(ewr.get("/lhr/").statusCode())
                .as("nobody answers in its place")
                .isEqualTo(503);
    }

    @Test
    void aMachineThatIsAloneAnswersEverything() {
        MarinaUnderTest alone = bed.start("laptop", Map.of(), CONTEXTS);

        assertThat(alone.get("/syd/x").body()).contains("\"url\":\"/syd/x\"");
        assertThat(bed.logged("this machine is alone")).hasSize(1);
        assertThat(bed.dns().questions()).isEmpty();
    }

    @Test
    void aReloadMovesAContextThatIsKeptRunning() {
        String kept = CONTEXTS.replace("region: syd }", "region: syd, min_instances: 1 }");
        MarinaUnderTest ewr = bed.elsewhere("ewr", fleet(template(), "") + kept);
        assertThat(ewr.get("/syd/pid").statusCode()).isEqualTo(200);
        assertThat(ewr.status("/syd").state()).as("it lives elsewhere").isEqualTo("stopped");

        String fleet = fleet(template(), "").replace("DNS", bed.dns().address());
        assertThat(ewr.reload(fleet + kept.replace("region: syd", "region: ewr"))
                        .messages())
                .isNotEmpty();

        ewr.awaitState("/syd", "ready");
        assertThat(FleetBed.count(ewr, "Served")).isZero();
        assertThat(ewr.get("/syd/pid").statusCode()).isEqualTo(200);
        assertThat(FleetBed.count(ewr, "Served")).isEqualTo(1);
    }

    @Test
    void aReloadThatMovesAContextAwayStopsIt() {
        String kept = CONTEXTS.replace("region: syd }", "region: ewr, min_instances: 1 }");
        MarinaUnderTest ewr = bed.elsewhere("ewr", fleet(template(), "") + kept);
        ewr.awaitState("/syd", "ready");
        String fleet = fleet(template(), "").replace("DNS", bed.dns().address());

        String away = kept.replace("region: ewr", "region: syd");
        assertThat(ewr.reload(fleet + away).succeeded()).isTrue();
        ewr.awaitState("/syd", "stopped");

        assertThat(ewr.reload(fleet + kept).succeeded()).isTrue();
        ewr.awaitState("/syd", "ready");
        assertThat(ewr.reload(fleet + away.replace("region: syd", "env: { A: b }, region: syd"))
                        .succeeded())
                .as("as another application")
                .isTrue();
        ewr.awaitState("/syd", "stopped");
    }
}
