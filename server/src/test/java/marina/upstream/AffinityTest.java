package marina.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import marina.testing.MarinaUnderTest;
import marina.testing.Members;
import marina.testing.RawClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cookie keeps a client at its member. */
class AffinityTest {
    private static final String CHECK = "check: { path: /health, interval: 200ms, retries: 0 }";

    @TempDir
    private Path base;

    @Test
    void aClientStaysAtItsMember() throws Exception {
        try (Members members = new Members(3);
                MarinaUnderTest marina = MarinaUnderTest.start(base, members.yaml("affinity: {}"))) {
            HttpResponse<String> first = marina.get("/");
            String setCookie = first.headers().firstValue("Set-Cookie").orElseThrow();
            assertThat(setCookie)
                    .matches(
                            "__marina_lb=[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]{43}; Path=/; Max-Age=1800; HttpOnly; SameSite=Lax");
            HttpResponse<String> second = marina.get("/", "Cookie", "x=y; " + cookie(first) + "; z");
            assertThat(second.headers().firstValue("Set-Cookie")).isEmpty();
            assertThat(Members.ask(marina, 10, "Cookie", cookie(first))).isEqualTo(Map.of(first.body(), 10));
            assertThat(Members.ask(marina, 9)).hasSize(3);
        }
    }

    @Test
    void nobodyChoosesAMemberByACookieOfItsOwnMaking() throws Exception {
        try (Members members = new Members(2);
                MarinaUnderTest marina = MarinaUnderTest.start(
                        base, members.yaml("affinity: { cookie: place }").replace("/: {", "/shop: {"))) {
            HttpResponse<String> first = marina.get("/shop/");
            String good = cookie(first);
            String signature = good.substring(good.indexOf('.'));
            for (String forged : new String[] {
                "place=",
                "place=a",
                "place=.",
                "place=" + members.get(0).address(),
                "place=YSAw" + signature,
                good + "x"
            }) {
                HttpResponse<String> answer = marina.get("/shop/", "Cookie", forged);
                assertThat(answer.headers().firstValue("Set-Cookie")).as(forged).isPresent();
            }
            HttpResponse<String> both = marina.get("/shop/", "Cookie", "place=a; " + good);
            assertThat(both.body()).isEqualTo(first.body());
            assertThat(first.headers().firstValue("Set-Cookie").orElseThrow()).contains("; Path=/shop; ");
        }
    }

    @Test
    void theCookieOfOneContextIsNothingToAnother() throws Exception {
        try (Members members = new Members(2);
                MarinaUnderTest marina = MarinaUnderTest.start(
                        base,
                        """
                        contexts:
                          /a: { upstream: { members: [{ url: "%1$s" }, { url: "%2$s" }], affinity: {} } }
                          /b: { upstream: { members: [{ url: "%1$s" }, { url: "%2$s" }], affinity: {} } }
                        """
                                .formatted(members.get(0).url(), members.get(1).url()))) {
            HttpResponse<String> first = marina.get("/a/");
            assertThat(marina.get("/b/", "Cookie", cookie(first)).headers().firstValue("Set-Cookie"))
                    .isPresent();
        }
    }

    @Test
    void aClientWhoseMemberIsDownBelongsToAnotherFromThenOn() throws Exception {
        try (Members members = new Members(2);
                MarinaUnderTest marina =
                        MarinaUnderTest.start(base, members.yaml("affinity: {}", CHECK, "steering: failover"))) {
            HttpResponse<String> first = marina.get("/");
            assertThat(first.body()).isEqualTo("a");
            members.kill(0);
            HttpResponse<String> moved = marina.get("/", "Cookie", cookie(first));
            assertThat(moved.body()).isEqualTo("b");
            HealthCheckTest.awaitState(marina, 0, MemberState.UNHEALTHY);
            HttpResponse<String> again = marina.get("/", "Cookie", cookie(first));
            assertThat(again.body()).isEqualTo("b");
            assertThat(again.headers().firstValue("Set-Cookie")).isPresent();

            members.get(0).revive();
            HealthCheckTest.awaitState(marina, 0, MemberState.HEALTHY);
            assertThat(marina.get("/", "Cookie", cookie(moved)).body()).isEqualTo("b");
        }
    }

    @Test
    void withTemporaryFailoverItComesBack() throws Exception {
        try (Members members = new Members(3);
                MarinaUnderTest marina =
                        MarinaUnderTest.start(base, members.yaml("affinity: { failover: temporary }", CHECK))) {
            HttpResponse<String> first = marina.get("/");
            int home = first.body().charAt(0) - 'a';
            members.kill(home);
            assertThat(marina.get("/", "Cookie", cookie(first)).headers().firstValue("Set-Cookie"))
                    .isEmpty();
            HealthCheckTest.awaitState(marina, home, MemberState.UNHEALTHY);
            Map<String, Integer> meanwhile = Members.ask(marina, 6, "Cookie", cookie(first));
            assertThat(meanwhile).hasSize(1).doesNotContainKey(first.body());
            members.get(home).revive();
            HealthCheckTest.awaitState(marina, home, MemberState.HEALTHY);
            assertThat(marina.get("/", "Cookie", cookie(first)).body()).isEqualTo(first.body());
        }
    }

    @Test
    void aDrainedMemberKeepsItsClientsUntilTheirTimeIsOver() throws Exception {
        try (Members members = new Members(2);
                MarinaUnderTest marina =
                        MarinaUnderTest.start(base, members.yaml("affinity: { ttl: 8s }", "steering: failover"))) {
            HttpResponse<String> first = marina.get("/");
            assertThat(HealthCheckTest.pool(marina).drain(members.get(0).url(), true))
                    .hasValue("member " + members.get(0).url() + " is drained; 1 of 2 members can answer");
            assertThat(Members.ask(marina, 2)).isEqualTo(Map.of("b", 2));
            HttpResponse<String> own = marina.get("/", "Cookie", cookie(first));
            assertThat(own.body()).isEqualTo("a");
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                HttpResponse<String> later = marina.get("/", "Cookie", cookie(first));
                assertThat(later.headers().firstValue("Set-Cookie").isPresent())
                        .isEqualTo(later.body().equals("b"));
                return later.body().equals("b");
            });
            assertThat(HealthCheckTest.pool(marina).drain(members.get(0).url(), false))
                    .isPresent();
            assertThat(Members.ask(marina, 2)).isEqualTo(Map.of("a", 2));
        }
    }

    @Test
    void aClientThatComesBackStaysForLonger() throws Exception {
        try (Members members = new Members(2);
                MarinaUnderTest marina = MarinaUnderTest.start(base, members.yaml("affinity: { ttl: 8s }"))) {
            HttpResponse<String> first = marina.get("/");
            HttpResponse<String> renewed = await().atMost(Duration.ofSeconds(20))
                    .until(
                            () -> marina.get("/", "Cookie", cookie(first)),
                            answer -> answer.headers().firstValue("Set-Cookie").isPresent());
            assertThat(renewed.body()).isEqualTo(first.body());
            assertThat(marina.get("/", "Cookie", cookie(renewed)).body()).isEqualTo(first.body());
        }
    }

    @Test
    void machinesWithTheSameSecretKnowEachOthersCookies() throws Exception {
        String affinity = "affinity: { ttl: 0, secret: 0123456789012345678901234567890123456789 }";
        try (Members members = new Members(3);
                MarinaUnderTest one = MarinaUnderTest.start(base.resolve("one"), members.yaml(affinity));
                MarinaUnderTest two = MarinaUnderTest.start(base.resolve("two"), members.yaml(affinity));
                MarinaUnderTest other = MarinaUnderTest.start(base.resolve("other"), members.yaml("affinity: {}"))) {
            HttpResponse<String> first = one.get("/");
            assertThat(first.headers().firstValue("Set-Cookie").orElseThrow()).doesNotContain("Max-Age");
            assertThat(Members.ask(two, 5, "Cookie", cookie(first))).isEqualTo(Map.of(first.body(), 5));
            assertThat(Members.ask(other, 6, "Cookie", cookie(first))).hasSize(3);
        }
    }

    @Test
    void whatCachesMayKeepForEverybodyHasNoCookie() throws Exception {
        try (Members members = new Members(1);
                MarinaUnderTest marina = MarinaUnderTest.start(base, members.yaml("affinity: {}"))) {
            members.get(0).answer("/logo", "200 OK\r\nCache-Control: max-age=60, public", "x");
            members.get(0).answer("/cdn", "200 OK\r\nCache-Control: s-maxage=60", "x");
            assertThat(marina.get("/logo").headers().firstValue("Set-Cookie")).isEmpty();
            assertThat(marina.get("/cdn").headers().firstValue("Set-Cookie")).isEmpty();
        }
    }

    @Test
    void overTlsTheCookieIsForTlsOnly() throws Exception {
        try (Members members = new Members(1)) {
            MarinaUnderTest.write(
                    base,
                    "conf/server.yml",
                    "listen: \"127.0.0.1:0\"\ntrusted_proxies: [loopback]\n" + members.yaml("affinity: {}"));
            try (MarinaUnderTest marina = MarinaUnderTest.startAsWritten(base)) {
                assertThat(RawClient.get(marina.uri(""), "/", "X-Forwarded-Proto: https"))
                        .contains("SameSite=Lax; Secure\r\n");
            }
        }
    }

    static String cookie(HttpResponse<String> answer) {
        String field = answer.headers().firstValue("Set-Cookie").orElseThrow();
        return field.substring(0, field.indexOf(';'));
    }
}
