package marina.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import marina.testing.MarinaUnderTest;
import marina.testing.Members;
import marina.testing.RawClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What becomes of a request whose member fails, and of a member that fails request after request. */
class FailingMemberTest {
    @TempDir
    private Path base;

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "PATCH", "DELETE"})
    void whatNobodyHasSeenGoesToAnotherMemberWithItsBody(String method) throws Exception {
        try (Members members = new Members(3);
                MarinaUnderTest marina = MarinaUnderTest.start(base, members.yaml("steering: failover"))) {
            members.kill(0);
            members.kill(1);
            String answer = RawClient.exchange(
                    marina.uri(""),
                    method + " / HTTP/1.1\r\nHost: shop\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello");
            assertThat(answer).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\nc");
            assertThat(members.get(2).heads()).singleElement().satisfies(head -> assertThat(head)
                    .contains("Content-Length: 5\r\n"));
        }
    }

    @Test
    void whatMayBeRepeatedGoesToAnotherMemberWhenTheFirstBreaksOff() throws Exception {
        try (Members members = new Members(2);
                MarinaUnderTest marina = MarinaUnderTest.start(base, members.yaml("steering: failover"))) {
            members.get(0).breakOff();
            assertThat(marina.get("/").body()).isEqualTo("b");
            assertThat(members.get(0).heads()).isNotEmpty();
        }
    }

    @Test
    void whatAMemberHasSeenAndMustNotBeRepeatedIsNotSentToAnother() throws Exception {
        try (Members members = new Members(2);
                MarinaUnderTest marina = MarinaUnderTest.start(base, members.yaml("steering: failover"))) {
            members.get(0).breakOff();
            assertThat(marina.post("/", "an order").statusCode()).isEqualTo(502);
            assertThat(marina.post("/", "").statusCode()).isEqualTo(502);
            assertThat(members.get(0).heads()).hasSize(2);
            assertThat(members.get(1).heads()).isEmpty();
        }
    }

    @Test
    void withoutAnybodyAndWithoutFallbackItIs503WithRetryAfter() throws Exception {
        try (Members members = new Members(2);
                MarinaUnderTest marina = MarinaUnderTest.start(base, members.yaml())) {
            members.kill(0);
            members.kill(1);
            for (int i = 0; i < 20; i++) {
                HttpResponse<String> answer = marina.get("/");
                assertThat(answer.statusCode()).isEqualTo(503);
                assertThat(answer.headers().firstValue("Retry-After")).hasValue("5");
                assertThat(answer.body()).contains("Unavailable").doesNotContain("127.0.0.1", "Exception");
            }
            members.get(1).revive();
            await().until(() -> marina.get("/").statusCode() == 200);
        }
    }

    @Test
    void theFallbackAnswersWhenNobodyElseCan() throws Exception {
        try (Members members = new Members(2);
                Members others = new Members(1);
                MarinaUnderTest marina = MarinaUnderTest.start(
                        base,
                        members.yaml(
                                "fallback: \"" + others.get(0).url() + "\"",
                                "check: { path: /health, interval: 200ms, retries: 0 }",
                                "affinity: {}"))) {
            others.get(0).answer("/", "200 OK", "fallback");
            others.get(0).answer("/health", "500 Broken", "");
            assertThat(Members.ask(marina, 2)).isEqualTo(Map.of("a", 1, "b", 1));
            members.kill(0);
            members.kill(1);
            HttpResponse<String> first = marina.get("/");
            assertThat(first.body()).isEqualTo("fallback");
            assertThat(first.headers().firstValue("Set-Cookie")).isEmpty();
            HealthCheckTest.awaitState(marina, 0, MemberState.UNHEALTHY);
            HealthCheckTest.awaitState(marina, 1, MemberState.UNHEALTHY);
            assertThat(HealthCheckTest.pool(marina).status().health()).isEqualTo(PoolStatus.PoolHealth.CRITICAL);
            assertThat(Members.ask(marina, 3)).isEqualTo(Map.of("fallback", 3));
            members.get(0).revive();
            HealthCheckTest.awaitState(marina, 0, MemberState.HEALTHY);
            assertThat(Members.ask(marina, 3)).isEqualTo(Map.of("a", 3));
        }
    }

    /** Its queue of connections is full, so that the system drops those who knock. */
    @Test
    void aMemberThatDoesNotAcceptConnectionsCostsTheTimeToConnectAndNothingElse() throws Exception {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Members members = new Members(1)) {
            List<Socket> queue = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Socket socket = new Socket();
                queue.add(socket);
                try {
                    socket.connect(full.getLocalSocketAddress(), 300);
                } catch (SocketTimeoutException e) {
                    break;
                }
            }
            String yaml = "contexts: { /: { timeouts: { connect: 5500ms }, upstream: { steering: failover, members: ["
                    + "{ url: \"http://127.0.0.1:" + full.getLocalPort() + "\" }, { url: \""
                    + members.get(0).url() + "\" }] } } }\n";
            try (MarinaUnderTest marina = MarinaUnderTest.start(base, yaml)) {
                long begin = System.nanoTime();
                assertThat(marina.post("/", "an order").body()).isEqualTo("a");
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofSeconds(5));
            }
            for (Socket socket : queue) {
                socket.close();
            }
        }
    }

    @Test
    void whoAnswersWithErrorsInARowIsLeftOut() throws Exception {
        try (Members members = new Members(2);
                MarinaUnderTest marina =
                        MarinaUnderTest.start(base, members.yaml("ejection: { failures: 3, time: 1h }"))) {
            members.get(0).answerWith(500);
            assertThat(Members.ask(marina, 6)).isEqualTo(Map.of("500", 3, "b", 3));
            assertThat(HealthCheckTest.pool(marina).status().members().get(0).state())
                    .isEqualTo(MemberState.EJECTED);
            assertThat(Members.ask(marina, 4)).isEqualTo(Map.of("b", 4));
        }
    }

    @Test
    void itComesBackAndIsLeftOutForLongerWhenItFailsAgain() throws Exception {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.list = new CopyOnWriteArrayList<>();
        lines.start();
        Logger logger = (Logger) LoggerFactory.getLogger("marina.upstream");
        logger.addAppender(lines);
        try (Members members = new Members(2);
                MarinaUnderTest marina = MarinaUnderTest.start(
                        base, members.yaml("ejection: { failures: 1, time: 5s }", "steering: failover"))) {
            members.get(0).answerWith(500);
            assertThat(Members.ask(marina, 3)).isEqualTo(Map.of("500", 1, "b", 2));
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> Members.said(marina.get("/")).equals("500"));
            assertThat(Members.ask(marina, 3)).isEqualTo(Map.of("b", 3));
            assertThat(lines.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .filteredOn(line -> line.contains("is left out"))
                    .satisfiesExactly(
                            line -> assertThat(line)
                                    .contains(" is left out for 5 s after 1 failed requests in a row, "),
                            line -> assertThat(line).contains(" is left out for 10 s after "));
        } finally {
            logger.detachAppender(lines);
        }
    }

    @Test
    void theLastOneIsNeverLeftOut() throws Exception {
        try (Members members = new Members(2);
                MarinaUnderTest marina =
                        MarinaUnderTest.start(base, members.yaml("ejection: { failures: 2, time: 1h }"))) {
            members.get(0).answerWith(500);
            members.get(1).answerWith(503);
            Members.ask(marina, 20);
            assertThat(HealthCheckTest.pool(marina).status().members())
                    .extracting(PoolStatus.MemberStatus::state)
                    .containsExactlyInAnyOrder(MemberState.EJECTED, MemberState.HEALTHY);
        }
    }

    @Test
    void errorsThatAreNotInARowAreTheApplicationsBusiness() throws Exception {
        try (Members members = new Members(2);
                MarinaUnderTest marina = MarinaUnderTest.start(
                        base, members.yaml("ejection: { failures: 2, time: 1h }", "steering: failover"))) {
            members.get(0).answer("/broken", "500 Broken", "");
            for (int i = 0; i < 5; i++) {
                assertThat(marina.get("/broken").statusCode()).isEqualTo(500);
                assertThat(marina.get("/").body()).isEqualTo("a");
            }
            assertThat(members.get(1).heads()).isEmpty();
        }
    }
}
