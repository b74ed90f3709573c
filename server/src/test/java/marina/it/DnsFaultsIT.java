package marina.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** DNS is dead, silent, slow or wrong while clients ask for what lives elsewhere: no answer is wrong. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class DnsFaultsIT {
    /** Longer than answers of DNS hold, which is five seconds. */
    private static final Duration A_WHILE = Duration.ofSeconds(6);

    private SimulatedFleet fleet;
    private FleetClients clients;

    @BeforeAll
    void start(@TempDir Path base) throws IOException {
        fleet = SimulatedFleet.start(base, Places.ONE, Places.SERVER);
        clients = new FleetClients(fleet);
    }

    @AfterAll
    void stop() {
        fleet.close();
    }

    @BeforeEach
    void heal() {
        fleet.dns("{}");
    }

    @Test
    void aPlaceThatGoesIsRefusedAndSoonKnownToBeAbsent() {
        Tally tally = new Tally();
        clients.ask(tally, "fra", "/fra/x", 5);
        assertThat(tally.right()).as(tally.toString()).isEqualTo(5);

        fleet.command("m3", "destroy");
        await("nothing is there").atMost(SimulatedFleet.PATIENCE).until(() -> {
            clients.ask(tally, "fra", "/fra/x", 1);
            return tally.refused("404") > 0;
        });
        clients.ask(tally, "fra", "/fra/x", 5);
        clients.upload(tally, "fra", "/fra/upload");

        assertThat(tally.wrong()).isEmpty();
        assertThat(tally.right()).isEqualTo(5);
        assertThat(tally.refused("404")).as(tally.toString()).isGreaterThanOrEqualTo(6);
        assertThat(fleet.way(fleet.get("ewr", "/fra/x"))).as("no replay").containsExactly("m1");
    }

    @Test
    void aMachineThatIsGoneAndStillNamedIsRefused() {
        Tally tally = new Tally();
        clients.ask(tally, "ams", "/ams/x", 1);
        fleet.dns("{\"stale_ms\": 600000}");
        fleet.command("m4", "destroy");
        askFor(A_WHILE, tally, "ams");
        clients.upload(tally, "ams", "/ams/upload");

        assertThat(tally.wrong()).isEmpty();
        assertThat(tally.right()).isEqualTo(1);
        assertThat(tally.refused("503") + tally.refused("503 PR04"))
                .as(tally.toString())
                .isEqualTo(tally.refused());
    }

    @Test
    void whenDnsDiesAllIsAnsweredAsBefore() throws Exception {
        Tally tally = new Tally();
        clients.ask(tally, "lhr", "/lhr/x", 1);
        clients.upload(tally, "lhr", "/lhr/upload");
        for (String mode : List.of("servfail", "silent")) {
            fleet.dns("{\"mode\": \"" + mode + "\"}");
            askFor(mode.equals("silent") ? Duration.ofSeconds(2) : A_WHILE, tally, "lhr");
            clients.upload(tally, "lhr", "/lhr/upload");
            assertThat(clients.firstWords("/lhr/ws")).isEqualTo("lhr m2");
        }
        assertThat(tally.wrong()).isEmpty();
        assertThat(tally.refused()).as(tally.toString()).isZero();
        assertThat(tally.right()).isGreaterThan(40);
    }

    @Test
    void slowDnsSlowsNobodyDown() {
        Tally tally = new Tally();
        Duration usual = median(askFor(Duration.ZERO, tally, "lhr"));
        fleet.dns("{\"slow_ms\": 2000}");
        Duration slow = median(askFor(A_WHILE, tally, "lhr"));

        assertThat(tally.wrong()).isEmpty();
        assertThat(tally.refused()).as(tally.toString()).isZero();
        assertThat(slow).isLessThan(usual.multipliedBy(3).plusMillis(100));
    }

    @Test
    void aMachineThatStartsWithoutDnsReplaysAllTheSameAndWaitsNoLongerThanItMay() {
        Tally tally = new Tally();
        Duration usual = median(askFor(Duration.ZERO, tally, "lhr"));
        fleet.dns("{\"mode\": \"silent\"}");
        fleet.command("m1", "kill");
        fleet.awake("m1");
        Duration without = median(askFor(Duration.ZERO, tally, "lhr"));
        assertThat(tally.wrong()).isEmpty();
        assertThat(tally.refused()).as(tally.toString()).isZero();
        assertThat(without)
                .as("50 ms, and what a loaded machine adds")
                .isLessThan(usual.multipliedBy(3).plusMillis(150));

        clients.upload(tally, "lhr", "/lhr/upload");
        assertThat(tally.wrong()).isEmpty();
        assertThat(tally.refused("503") + tally.broken())
                .as("nobody knows where to: %s", tally)
                .isEqualTo(1);
    }

    /** Asks one after the other; how long each took, and 20 of them at least. */
    private List<Duration> askFor(Duration time, Tally tally, String region) {
        List<Duration> times = new ArrayList<>();
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end || times.size() < 20) {
            long begin = System.nanoTime();
            String path = "/" + region + "/x?ms=20";
            HttpResponse<String> answer = fleet.get("ewr", path);
            times.add(Duration.ofNanos(System.nanoTime() - begin));
            tally.count(region, "GET " + path, answer, null);
        }
        return times;
    }

    private static Duration median(List<Duration> times) {
        return times.stream().sorted().toList().get(times.size() / 2);
    }
}
