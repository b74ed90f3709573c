package marina.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import marina.config.ContextPath;
import marina.testing.MarinaUnderTest;
import marina.testing.Members;
import marina.testing.TestMember;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members are asked how they are, and those that are not well get no requests. */
class HealthCheckTest {
    private static final String CHECK = "check: { path: /health, interval: 200ms, retries: 0 }";

    @TempDir
    private Path base;

    @Test
    void whoIsNotWellGetsNothingUntilItIsWellAgain() throws Exception {
        try (Members members = new Members(2);
                MarinaUnderTest marina = MarinaUnderTest.start(base, members.yaml(CHECK))) {
            assertThat(Members.ask(marina, 4)).isEqualTo(Map.of("a", 2, "b", 2));

            members.get(0).answer("/health", "500 Broken", "no");
            awaitState(marina, 0, MemberState.UNHEALTHY);
            assertThat(Members.ask(marina, 4)).isEqualTo(Map.of("b", 4));
            assertThat(pool(marina).status().health()).isEqualTo(PoolStatus.PoolHealth.DEGRADED);
            assertThat(marina.status("/").backend().reason()).isEqualTo("degraded: 1 of 2 members can answer");
            assertThat(pool(marina).status().members().get(0).lastFailure())
                    .endsWith("GET /health was answered with 500 and not with 200");

            members.get(0).answer("/health", "200 OK", "yes");
            awaitState(marina, 0, MemberState.HEALTHY);
            assertThat(Members.ask(marina, 4)).isEqualTo(Map.of("a", 2, "b", 2));
            assertThat(pool(marina).status().health()).isEqualTo(PoolStatus.PoolHealth.HEALTHY);
        }
    }

    @Test
    void theFirstRequestWaitsUntilSomebodyIsKnownToBeWell() throws Exception {
        try (Members members = new Members(2)) {
            members.get(0).answer("/health", "503 Starting", "");
            try (MarinaUnderTest marina = MarinaUnderTest.start(base, members.yaml(CHECK, "steering: failover"))) {
                assertThat(Members.ask(marina, 3)).isEqualTo(Map.of("b", 3));
            }
        }
    }

    @Test
    void whenNobodyHasSaidAnythingInTimeTheRequestIsTriedAllTheSame() throws Exception {
        try (Members members = new Members(1)) {
            members.get(0).hold();
            String check = "check: { path: /slow, interval: 10s, timeout: 1s, retries: 50 }";
            try (MarinaUnderTest marina = MarinaUnderTest.start(base, members.yaml(check))) {
                CompletableFuture<HttpResponse<String>> answer = marina.getAsync("/x");
                await().until(() -> members.get(0).heads().stream().anyMatch(head -> head.startsWith("GET /x ")));
                members.get(0).release(100);
                assertThat(answer.join().body()).isEqualTo("a");
            }
        }
    }

    @Test
    void aCheckIsAskedAsTheOperatorSays() throws Exception {
        try (Members members = new Members(2)) {
            TestMember other = members.get(1);
            other.answer("/deep?full=1", "302 Found\r\nLocation: /moved", "");
            other.answer("/moved", "204 Nothing", "");
            other.answer("/", "200 OK", "b");
            String port = other.address().split(":", -1)[1];
            try (MarinaUnderTest marina = MarinaUnderTest.start(
                    base,
                    """
                    contexts:
                      /:
                        upstream:
                          members: [{ url: "%s/v1", host: shop.example }]
                          check:
                            path: "/deep?full=1"
                            port: %s
                            interval: 200ms
                            headers: { X-Check: "yes" }
                            follow_redirects: true
                            expect: [204, 3xx]
                    """
                            .formatted(members.get(0).url(), port))) {
                await().until(() -> other.heads().size() >= 2);
                assertThat(other.heads().get(0))
                        .startsWith("GET /deep?full=1 HTTP/1.1\r\n")
                        .contains("Host: shop.example\r\n", "X-Check: yes\r\n", "Connection: close\r\n");
                assertThat(other.heads().get(1)).startsWith("GET /moved ");
                awaitState(marina, 0, MemberState.HEALTHY);
                assertThat(members.get(0).heads()).isEmpty();
            }
        }
    }

    @Test
    void aRedirectIsAnAnswerWhereNobodyAsksToFollowIt() throws Exception {
        try (Members members = new Members(1)) {
            members.get(0).answer("/health", "302 Found\r\nLocation: /moved", "");
            try (MarinaUnderTest marina = MarinaUnderTest.start(base, members.yaml(CHECK))) {
                awaitState(marina, 0, MemberState.UNHEALTHY);
                assertThat(members.get(0).heads()).isEmpty();
            }
        }
    }

    @Test
    void theBodyMayBePartOfTheAnswer() throws Exception {
        try (Members members = new Members(1);
                MarinaUnderTest marina = MarinaUnderTest.start(
                        base,
                        members.yaml("check: { path: /health, interval: 200ms, retries: 0, expect_body: fine }"))) {
            awaitState(marina, 0, MemberState.HEALTHY);
            members.get(0).answer("/health", "200 OK", "the database is away");
            awaitState(marina, 0, MemberState.UNHEALTHY);
            members.get(0).answer("/health", "200 OK", "all fine again");
            awaitState(marina, 0, MemberState.HEALTHY);
        }
    }

    @Test
    void aCheckThatFailsIsRepeatedAtOnce() throws Exception {
        try (Members members = new Members(1)) {
            members.get(0).answer("/health", "500 Broken", "");
            try (MarinaUnderTest marina =
                    MarinaUnderTest.start(base, members.yaml("check: { path: /health, interval: 1h, retries: 3 }"))) {
                awaitState(marina, 0, MemberState.UNHEALTHY);
                assertThat(members.get(0).checks()).hasSize(4);
            }
        }
    }

    @Test
    void severalInARowDecideWhereTheOperatorSaysSo() throws Exception {
        String check = "check: { path: /health, interval: 100ms, retries: 0, consecutive_up: 3, consecutive_down: 4 }";
        try (Members members = new Members(1);
                MarinaUnderTest marina = MarinaUnderTest.start(base, members.yaml(check))) {
            TestMember member = members.get(0);
            awaitState(marina, 0, MemberState.HEALTHY);
            member.answer("/health", "500 Broken", "");
            int before = member.checks().size();
            awaitState(marina, 0, MemberState.UNHEALTHY);
            assertThat(member.checks().size() - before).isGreaterThanOrEqualTo(3);
            member.answer("/health", "200 OK", "");
            int down = member.checks().size();
            awaitState(marina, 0, MemberState.HEALTHY);
            assertThat(member.checks().size() - down).isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void aSilentMemberIsNotWell() throws Exception {
        try (Members members = new Members(1)) {
            members.get(0).hold();
            String check = "check: { path: /slow, interval: 300ms, timeout: 200ms, retries: 1 }";
            try (MarinaUnderTest marina = MarinaUnderTest.start(base, members.yaml(check))) {
                awaitState(marina, 0, MemberState.UNHEALTHY);
                assertThat(pool(marina).status().members().get(0).lastFailure())
                        .endsWith("GET /slow: no answer within 200 ms");
            }
        }
    }

    @Test
    void aRefusedConnectionIsCheckedAtOnceAndNotOnlyAfterTheInterval() throws Exception {
        try (Members members = new Members(2);
                MarinaUnderTest marina = MarinaUnderTest.start(
                        base,
                        members.yaml(
                                "check: { path: /health, interval: 1h, retries: 0 }", "ejection: { failures: 0 }"))) {
            awaitState(marina, 0, MemberState.HEALTHY);
            awaitState(marina, 1, MemberState.HEALTHY);
            members.kill(0);
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                assertThat(Members.ask(marina, 2)).isEqualTo(Map.of("b", 2));
                assertThat(pool(marina).status().members().get(0).state()).isEqualTo(MemberState.UNHEALTHY);
            });
        }
    }

    @Test
    void checksEndWithTheirContextAndAreNoRequestsOfIt() throws Exception {
        try (Members members = new Members(1);
                MarinaUnderTest marina = MarinaUnderTest.start(base, members.yaml(CHECK))) {
            await().until(() -> members.get(0).checks().size() > 2);
            assertThat(marina.status("/").requests()).isZero();
            assertThat(marina.status("/").backend().leases()).isZero();
            assertThat(marina.reload("contexts: {}\n").succeeded()).isTrue();
            int last = members.get(0).checks().size();
            await().during(Duration.ofSeconds(1))
                    .atMost(Duration.ofSeconds(3))
                    .until(() -> members.get(0).checks().size() <= last + 1);
        }
    }

    @Test
    void aReloadKeepsWhatIsKnownOfMembersThatStay() throws Exception {
        try (Members members = new Members(3)) {
            members.get(0).answer("/health", "500 Broken", "");
            String check = "check: { path: /health, interval: 1h, retries: 0 }";
            try (MarinaUnderTest marina = MarinaUnderTest.start(base, members.yaml(List.of(1, 1), check))) {
                awaitState(marina, 0, MemberState.UNHEALTHY);
                awaitState(marina, 1, MemberState.HEALTHY);
                assertThat(pool(marina).drain(members.get(1).address(), true)).isPresent();

                assertThat(marina.reload(members.yaml(List.of(1, 2, 3), check)).succeeded())
                        .isTrue();
                awaitState(marina, 2, MemberState.HEALTHY);
                assertThat(pool(marina).status().members())
                        .extracting(PoolStatus.MemberStatus::state)
                        .containsExactly(MemberState.UNHEALTHY, MemberState.DRAINED, MemberState.HEALTHY);
                assertThat(members.get(0).checks()).hasSize(1);
                assertThat(members.get(1).checks()).hasSize(1);
                assertThat(Members.ask(marina, 3)).isEqualTo(Map.of("c", 3));

                // Another check is asked anew, but until it has been answered the old word counts.
                String other = "check: { path: /health, interval: 2h, retries: 0 }";
                members.get(0).answer("/health", "200 OK", "");
                assertThat(marina.reload(members.yaml(List.of(1, 2, 3), other)).succeeded())
                        .isTrue();
                awaitState(marina, 0, MemberState.HEALTHY);
                assertThat(pool(marina).status().members().get(1).state()).isEqualTo(MemberState.DRAINED);
            }
        }
    }

    static Pool pool(MarinaUnderTest marina) {
        return marina.server()
                .host()
                .context(new ContextPath("/"))
                .orElseThrow()
                .pool()
                .orElseThrow();
    }

    static void awaitState(MarinaUnderTest marina, int member, MemberState state) {
        await("member " + member + " " + state)
                .atMost(Duration.ofSeconds(20))
                .until(() -> pool(marina).status().members().get(member).state(), state::equals);
    }
}
