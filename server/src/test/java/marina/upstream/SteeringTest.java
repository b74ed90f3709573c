package marina.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import marina.testing.MarinaUnderTest;
import marina.testing.Members;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which member gets the next request. */
class SteeringTest {
    @TempDir
    private Path base;

    @Test
    void roundRobinGivesEachItsShareAndSpreadsItEvenly() throws Exception {
        try (Members members = new Members(3);
                MarinaUnderTest marina = MarinaUnderTest.start(base, members.yaml(List.of(1, 1, 0.5)))) {
            List<String> order = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                order.add(Members.said(marina.get("/")));
            }
            assertThat(order.subList(0, 5)).containsExactlyInAnyOrder("a", "a", "b", "b", "c");
            assertThat(order.subList(5, 10)).isEqualTo(order.subList(0, 5));
            assertThat(String.join("", order)).doesNotContain("aa", "bb", "cc");
        }
    }

    @Test
    void sharesThatAreNoRoundNumbersAreKeptAsWell() throws Exception {
        try (Members members = new Members(2);
                MarinaUnderTest marina = MarinaUnderTest.start(base, members.yaml(List.of(0.7, 0.3)))) {
            assertThat(Members.ask(marina, 100)).isEqualTo(Map.of("a", 70, "b", 30));
        }
    }

    @Test
    void randomGivesEachItsShareInTheLongRun() throws Exception {
        try (Members members = new Members(2);
                MarinaUnderTest marina =
                        MarinaUnderTest.start(base, members.yaml(List.of(1, 0.25), "steering: random"))) {
            Map<String, Integer> answers = Members.ask(marina, 1000);
            // 800 are expected; 100 are eight standard deviations.
            assertThat(answers.get("a")).isCloseTo(800, within(100));
            assertThat(answers.get("b")).isCloseTo(200, within(100));
        }
    }

    @Test
    void failoverAsksTheFirstThatCanAnswer() throws Exception {
        try (Members members = new Members(3);
                MarinaUnderTest marina = MarinaUnderTest.start(base, members.yaml("steering: failover"))) {
            assertThat(Members.ask(marina, 5)).isEqualTo(Map.of("a", 5));
            members.kill(0);
            assertThat(Members.ask(marina, 5)).isEqualTo(Map.of("b", 5));
            members.kill(1);
            assertThat(Members.ask(marina, 5)).isEqualTo(Map.of("c", 5));
        }
    }

    @Test
    void hashKeepsAClientAtItsMemberAndMovesOnlyThoseWhoseMemberGoes() throws Exception {
        try (Members members = new Members(4);
                MarinaUnderTest marina = MarinaUnderTest.start(
                        base,
                        "trusted_proxies: [loopback]\n"
                                + members.yaml("steering: hash", "ejection: { failures: 3, time: 300ms }"))) {
            Map<String, String> before = ofClients(marina);
            assertThat(before.values()).contains("a", "b", "c", "d");
            assertThat(ofClients(marina)).isEqualTo(before);

            members.kill(1);
            Map<String, String> after = ofClients(marina);
            before.forEach((client, member) -> {
                if (member.equals("b")) {
                    assertThat(after.get(client)).isIn("a", "c", "d");
                } else {
                    assertThat(after.get(client)).isEqualTo(member);
                }
            });
            members.get(1).revive();
            await().untilAsserted(() -> assertThat(ofClients(marina)).isEqualTo(before));
        }
    }

    private static Map<String, String> ofClients(MarinaUnderTest marina) {
        Map<String, String> members = new HashMap<>();
        for (int i = 1; i <= 60; i++) {
            String client = "192.0.2." + i;
            members.put(client, Members.said(marina.get("/", "X-Forwarded-For", client)));
        }
        return members;
    }

    @Test
    void leastRequestsAsksTheOneThatHasTheFewestForItsWeight() throws Exception {
        try (Members members = new Members(2);
                MarinaUnderTest marina =
                        MarinaUnderTest.start(base, members.yaml(List.of(2, 1), "steering: least_connections"))) {
            members.get(0).hold();
            members.get(1).hold();
            List<CompletableFuture<HttpResponse<String>>> held = new ArrayList<>();
            for (int i = 0; i < 9; i++) {
                held.add(marina.getAsync("/"));
                int soFar = i + 1;
                await().until(() ->
                        members.get(0).heads().size() + members.get(1).heads().size() == soFar);
            }
            assertThat(members.get(0).heads()).hasSize(6);
            assertThat(members.get(1).heads()).hasSize(3);
            members.get(1).release(3);
            await().until(() -> held.stream().filter(CompletableFuture::isDone).count() == 3);
            for (int i = 0; i < 3; i++) {
                held.add(marina.getAsync("/"));
            }
            await().until(() -> members.get(1).heads().size() == 6);
            members.get(0).release(6);
            members.get(1).release(3);
            assertThat(held).allSatisfy(one -> assertThat(
                            Objects.requireNonNull(one.join()).statusCode())
                    .isEqualTo(200));
        }
    }

    @Test
    void aMemberWithoutWeightGetsNobody() throws Exception {
        try (Members members = new Members(3);
                MarinaUnderTest marina = MarinaUnderTest.start(
                        base, members.yaml(List.of(0, 1, 1), "steering: failover", "served_by: true"))) {
            HttpResponse<String> answer = marina.get("/");
            assertThat(answer.body()).isEqualTo("b");
            assertThat(answer.headers().firstValue("X-Served-By"))
                    .hasValue(members.get(1).address());
            members.kill(1);
            assertThat(Members.ask(marina, 3)).isEqualTo(Map.of("c", 3));
        }
    }

    @Test
    void aMemberMayHaveAHostAndAPathOfItsOwn() throws Exception {
        try (Members members = new Members(2);
                MarinaUnderTest marina = MarinaUnderTest.start(
                        base,
                        """
                        contexts:
                          /shop:
                            headers: { request: { Host: all.example, X-A: b } }
                            upstream:
                              members: [{ url: "%s/v1/", host: "one.example:81" }, { url: "%s" }]
                        """
                                .formatted(members.get(0).url(), members.get(1).url()))) {
            marina.get("/shop/x");
            marina.get("/shop/x");
            assertThat(members.get(0).heads().get(0))
                    .startsWith("GET /v1/x ")
                    .contains("Host: one.example:81\r\n", "X-A: b\r\n", "X-Forwarded-Prefix: /shop\r\n");
            assertThat(members.get(1).heads().get(0)).startsWith("GET /shop/x ").contains("Host: all.example\r\n");
        }
    }
}
