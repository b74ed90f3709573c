package marina.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Machines that sleep, die, do not listen or do not agree, while clients ask for what lives on them: no answer is wrong. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class ReplayFaultsIT {
    private SimulatedFleet fleet;
    private FleetClients clients;

    @BeforeAll
    void start(@TempDir Path base) throws IOException {
        fleet = SimulatedFleet.start(base, Places.FLEET, Places.SERVER);
        clients = new FleetClients(fleet);
    }

    @AfterAll
    void stop() {
        fleet.close();
    }

    @BeforeEach
    void heal() {
        fleet.dns("{}");
        fleet.command("m5", "mend");
        fleet.awake("m2");
    }

    @Test
    void aMachineThatSleepsIsStartedAndAnswersAllSmallAndLarge() {
        Tally tally = new Tally();
        CompletableFuture<Void> upload = CompletableFuture.runAsync(() -> clients.upload(tally, "fra", "/fra/upload"));
        clients.ask(tally, "fra", "/fra/x", 20);
        upload.join();

        assertThat(tally.right()).as(tally.toString()).isEqualTo(21);
        assertThat(fleet.way(fleet.get("ewr", "/fra/x"))).containsExactly("m1", "m4");
    }

    @Test
    void aMachineThatIsKilledAnswersAgainWhenItIsThereAndNobodyElseDoes() {
        Tally tally = new Tally();
        AtomicBoolean over = new AtomicBoolean();
        List<CompletableFuture<Void>> asking = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            asking.add(CompletableFuture.runAsync(() -> {
                while (!over.get()) {
                    clients.ask(tally, "lhr", "/lhr/x?ms=5", 1);
                }
            }));
        }
        await().atMost(SimulatedFleet.PATIENCE).until(() -> tally.right() > 20);
        fleet.command("m2", "kill");
        Tally large = new Tally();
        clients.upload(large, "lhr", "/lhr/upload");
        assertThat(large.right()).as("it waits for the start: %s", large).isEqualTo(1);
        int before = tally.right();
        await().atMost(SimulatedFleet.PATIENCE).until(() -> tally.right() > before + 20);
        over.set(true);
        asking.forEach(CompletableFuture::join);

        assertThat(tally.wrong()).isEmpty();
        assertThat(tally.broken() + tally.refused())
                .as("what was in flight and what came before its start: %s", tally)
                .isLessThan(tally.right());
    }

    @Test
    void machinesThatDoNotAgreeEndARequestAfterTheHopsThatTheDocumentsAllow() {
        for (String path : List.of("/split/x", "/ring/x")) {
            HttpResponse<String> answer = fleet.get("ewr", path);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(508);
            assertThat(fleet.way(answer)).as(path).hasSizeLessThanOrEqualTo(3).startsWith("m1", "m2");
        }
        assertThat(fleet.log("m2")).contains("machines do not agree where /split/x belongs");
        assertThat(fleet.log("m3")).contains("machines do not agree where /ring/x belongs");
    }

    @Test
    void aLargeUploadArrivesWholeInAnotherRegion() {
        Tally tally = new Tally();
        HttpResponse<String> answer = clients.upload(tally, "lhr", "/lhr/upload");

        assertThat(tally.right()).as(tally.toString()).isEqualTo(1);
        assertThat(fleet.way(Objects.requireNonNull(answer)))
                .as("past the edge from there")
                .containsExactly("m1");
    }

    @Test
    void aWebSocketIsOpenedWhereItsPathLives() throws Exception {
        for (String path : List.of("/lhr/ws", "/ewr/ws", "/lobby/ws?_region=lhr")) {
            assertThat(clients.firstWords(path)).as(path).isEqualTo(path.contains("lhr") ? "lhr m2" : "ewr m1");
        }
    }

    @Test
    void oneOfSeveralRegionsAnswersForAnotherThatCannotBeReached() {
        fleet.command("m5", "break");
        Tally tally = new Tally();
        clients.ask(tally, "lhr", "/either/x", 3);
        assertThat(tally.right()).as(tally.toString()).isEqualTo(3);
    }

    @Test
    void aPlaceThatCannotBeReachedIsRefusedAndNobodyElseAnswers() {
        fleet.command("m5", "break");
        Tally tally = new Tally();
        clients.ask(tally, "ams", "/ams/x", 3);
        assertThat(tally.refused("503")).as(tally.toString()).isEqualTo(3);
    }

    @Test
    void aForgedWayIsRefusedWhileOthersAreAnswered() {
        String forged = "MXxzaG9wfGV3cnxtMXw"; // 1|shop|ewr|m1|
        Tally tally = new Tally();
        for (String field : List.of("fly-replay-src", "Marina-Hop")) {
            String value = field.equals("Marina-Hop") ? forged : "instance=m1;region=ewr;t=1;state=" + forged;
            for (String path : List.of("/ewr/x", "/lhr/x")) {
                HttpResponse<String> direct = fleet.ask("m1", path, field, value);
                tally.count("nowhere", "GET " + path, direct, null);
                HttpResponse<String> edge = fleet.client()
                        .sendAsync(fleet.from("ewr", path).header(field, value).build(), BodyHandlers.ofString())
                        .join();
                tally.count("nowhere", "GET " + path, edge, null);
            }
        }
        assertThat(tally.refused("403")).as(tally.toString()).isEqualTo(8);
        clients.ask(tally, "lhr", "/lhr/x", 5);
        assertThat(tally.right()).as(tally.toString()).isEqualTo(5);
    }
}
