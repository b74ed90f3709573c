package marina.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import marina.testing.ClientLoad;
import marina.testing.MarinaUnderTest;
import marina.testing.Members;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The story of a service in several places: two primaries, a secondary with half their weight, and a place for disasters that
 * answers only when all of them are down. One after the other goes, under load, and all come back: no request that may be
 * repeated is answered wrongly, and no order is placed twice.
 */
class AragoraTest {
    private static final List<Double> WEIGHTS = List.of(1.0, 1.0, 0.5);

    @TempDir
    private Path base;

    @Test
    void everyFailureIsSurvivedAndEveryRecoveryNoticed() throws Exception {
        try (Members members = new Members(3);
                Members disaster = new Members(1)) {
            disaster.get(0).answer("/", "200 OK", "dr");
            String yaml = members.yaml(
                    WEIGHTS,
                    "steering: random",
                    "check: { path: /health, interval: 300ms, timeout: 1s, retries: 2, expect: 200 }",
                    "fallback: \"" + disaster.get(0).url() + "\"");
            try (MarinaUnderTest marina = MarinaUnderTest.start(base, yaml)) {
                for (int i = 0; i < 3; i++) {
                    HealthCheckTest.awaitState(marina, i, MemberState.HEALTHY);
                }
                ClientLoad load = ClientLoad.on(marina, "/", 8);
                awaitAnswers(load, 200);
                assertThat(load.bodies()).isEqualTo(Set.of("a", "b", "c"));

                for (int i = 0; i < 3; i++) {
                    members.kill(i);
                    awaitAnswers(load, 200);
                    HealthCheckTest.awaitState(marina, i, MemberState.UNHEALTHY);
                }
                assertThat(load.bodies()).contains("dr");
                assertThat(HealthCheckTest.pool(marina).status().health()).isEqualTo(PoolStatus.PoolHealth.CRITICAL);
                assertThat(Members.ask(marina, 10)).isEqualTo(Map.of("dr", 10));

                for (int i = 2; i >= 0; i--) {
                    members.get(i).revive();
                    HealthCheckTest.awaitState(marina, i, MemberState.HEALTHY);
                    awaitAnswers(load, 100);
                }
                int ofDisaster = disaster.get(0).heads().size();
                awaitAnswers(load, 500);
                assertThat(load.stop()).isEmpty();
                assertThat(disaster.get(0).heads()).hasSize(ofDisaster);
                assertThat(Members.ask(marina, 100)).containsOnlyKeys("a", "b", "c");
            }
        }
    }

    @Test
    void ordersAreLostOnlyWithTheMemberThatHadThemAndNeverPlacedTwice() throws Exception {
        try (Members members = new Members(3)) {
            String check = "check: { path: /health, interval: 300ms, retries: 0 }";
            try (MarinaUnderTest marina = MarinaUnderTest.start(base, members.yaml(WEIGHTS, check))) {
                AtomicInteger sent = new AtomicInteger();
                AtomicInteger lost = new AtomicInteger();
                AtomicBoolean stop = new AtomicBoolean();
                Thread orders = new Thread(() -> {
                    while (!stop.get()) {
                        sent.incrementAndGet();
                        if (marina.post("/", "order").statusCode() != 200) {
                            lost.incrementAndGet();
                        }
                    }
                });
                orders.start();
                for (int i = 0; i < 2; i++) {
                    int before = sent.get();
                    await().until(() -> sent.get() > before + 50);
                    members.kill(i);
                }
                int before = sent.get();
                await().until(() -> sent.get() > before + 50);
                stop.set(true);
                orders.join(10_000);

                int arrived = 0;
                for (int i = 0; i < 3; i++) {
                    arrived += members.get(i).heads().size();
                }
                assertThat(arrived).isLessThanOrEqualTo(sent.get());
                assertThat(lost.get()).isLessThanOrEqualTo(2); // one in flight at each that was killed
                assertThat(sent.get() - lost.get()).isLessThanOrEqualTo(arrived);
            }
        }
    }

    @Test
    void aReloadThatExchangesMembersLosesNoRequest() throws Exception {
        try (Members members = new Members(3)) {
            String check = "check: { path: /health, interval: 300ms, retries: 0 }";
            try (MarinaUnderTest marina = MarinaUnderTest.start(base, members.yaml(WEIGHTS, check))) {
                ClientLoad load = ClientLoad.on(marina, "/", 8);
                for (int i = 0; i < 6; i++) {
                    awaitAnswers(load, 100);
                    String yaml = i % 2 == 0
                            ? members.yaml(List.of(1, 3), check, "steering: least_requests")
                            : members.yaml(WEIGHTS, check, "affinity: {}");
                    assertThat(marina.reload(yaml).succeeded()).isTrue();
                }
                awaitAnswers(load, 100);
                assertThat(load.stop()).isEmpty();
                assertThat(HealthCheckTest.pool(marina).status().members())
                        .allSatisfy(member -> assertThat(member.inFlight()).isZero());
            }
        }
    }

    private static void awaitAnswers(ClientLoad load, int more) {
        long before = load.answered();
        await().atMost(java.time.Duration.ofSeconds(30)).until(() -> load.answered() >= before + more);
    }
}
