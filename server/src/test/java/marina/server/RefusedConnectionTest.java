package marina.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import marina.testing.FleetBed;
import marina.testing.HeadEcho;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine runs, as DNS says, and takes no connection: it has just been started, or is gone. */
@SuppressWarnings("NullAway.Init")
class RefusedConnectionTest {
    private static final String LARGE =
            "POST /syd/upload HTTP/1.1\r\nHost: shop\r\nContent-Length: 1000001\r\nConnection: close\r\n\r\n";

    @TempDir
    private Path base;

    private FleetBed bed;
    private HeadEcho flycast;

    @BeforeEach
    void start() throws IOException {
        bed = new FleetBed(base);
        flycast = new HeadEcho("flycast");
        bed.dns()
                .ttl(300)
                .txt("vms.app.internal", "m1 ewr,m2 syd")
                .txt("all.vms.app.internal", "m1 ewr,m2 syd")
                .address("m2.vm.app.internal", "127.0.0.1");
    }

    @AfterEach
    void stop() {
        bed.close();
        flycast.close();
    }

    /** Other machines are sought at port 1, where nobody listens. */
    private MarinaUnderTest machine() {
        MarinaUnderTest machine = bed.onFly(
                "m1",
                "ewr",
                """
                fleet: { dns: { server: "DNS", timeout: 5s }, port: 1, flycast_port: FLYCAST }
                contexts:
                  /syd: { upstream: "http://127.0.0.1:1", region: syd }
                  /two: { upstream: "http://127.0.0.1:1", regions: [syd, lhr] }
                """
                        .replace("FLYCAST", "" + URI.create(flycast.url()).getPort()));
        await().untilAsserted(() -> assertThat(replay(machine, "/syd/")).contains("timeout=5s"));
        return machine;
    }

    private static String replay(MarinaUnderTest machine, String path) {
        return machine.get(path).headers().firstValue("fly-replay").orElse("");
    }

    @Test
    void aLargeBodyGoesThroughFlycastWhichWaitsForIt() {
        bed.dns().address("app.flycast", "127.0.0.1");
        MarinaUnderTest machine = machine();

        assertThat(RawClient.exchange(machine.uri(""), LARGE))
                .contains("flycast\nPOST /syd/upload HTTP/1.1\r\n", "\r\nFly-Force-Region: syd\r\n")
                .contains("\r\nContent-Length: 1000001\r\n");
        await().untilAsserted(() ->
                assertThat(bed.logged("POST /syd/upload")).anyMatch(line -> line.endsWith(" fleet=wake:syd:live")));
        assertThat(bed.logged("Fleet: syd: http://127.0.0.1:1 does not answer")).hasSize(1);
    }

    @Test
    void theNextReplaysGiveItTheTimeOfAStart() {
        MarinaUnderTest machine = machine();
        var unused = RawClient.exchange(machine.uri(""), LARGE);

        assertThat(replay(machine, "/syd/")).contains("region=syd;").contains("timeout=60s");
    }

    @Test
    void withoutFlycastThePageTriesAgain() {
        String answer = RawClient.exchange(machine().uri(""), LARGE);

        assertThat(answer).startsWith("HTTP/1.1 503 ").contains("\r\nRetry-After: 5\r\n", "Not reached");
    }

    @Test
    void ofSeveralRegionsFlyIsToldAll() {
        MarinaUnderTest machine = machine();

        assertThat(replay(machine, "/two/")).contains("region=\"syd,lhr\";");
    }
}
