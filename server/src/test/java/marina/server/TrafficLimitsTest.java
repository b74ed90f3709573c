package marina.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import marina.config.TrafficLimits.Rate;
import marina.testing.HeadEcho;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one client sends too much, too often or too slowly harms nobody else. */
class TrafficLimitsTest {
    private static final int SLOW_CLIENTS = 2_000;

    @TempDir
    private Path base;

    @Test
    void aHeadThatIsTooLargeIsRefused() throws Exception {
        try (MarinaUnderTest marina = marina("limits: { header_size: 2K }", "")) {
            String large = RawClient.get(marina.uri(""), "/x", "X: " + "y".repeat(3_000));
            String many = RawClient.get(marina.uri(""), "/x", ("X: " + "y".repeat(90) + "\r\n").repeat(40) + "A: b");
            String name = RawClient.get(marina.uri(""), "/x", "y".repeat(3_000) + ": x");

            assertThat(List.of(large, many, name)).allMatch(answer -> RawClient.status(answer) == 431);
            assertThat(large).doesNotContain("jetty", "Jetty", "Exception");
        }
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedByItsLengthOrWhenItHasCome() throws Exception {
        try (MarinaUnderTest marina = marina("limits: { max_body: 1K }", "")) {
            URI server = marina.uri("");
            String post = "POST /x HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n";
            String length = RawClient.exchange(server, post + "Content-Length: 1025\r\n\r\n" + "x".repeat(1025));
            String expect = RawClient.exchange(server, post + "Expect: 100-continue\r\nContent-Length: 9999\r\n\r\n");
            String chunk = "200\r\n" + "x".repeat(0x200) + "\r\n";
            String chunks = RawClient.exchange(
                    server, post + "Transfer-Encoding: chunked\r\n\r\n" + chunk + chunk + chunk + "0\r\n\r\n");
            String fits = RawClient.exchange(server, post + "Content-Length: 1024\r\n\r\n" + "x".repeat(1024));

            assertThat(RawClient.status(length)).isEqualTo(413);
            assertThat(expect).startsWith("HTTP/1.1 413").doesNotContain("100 Continue");
            assertThat(RawClient.status(chunks)).isIn(413, 200);
            assertThat(RawClient.status(fits)).isEqualTo(200);
        }
    }

    @Test
    void aContextMayTakeLargerBodiesThanTheServer() throws Exception {
        try (MarinaUnderTest marina = marina("limits: { max_body: 10 }", "limits: { max_body: 1K }")) {
            assertThat(marina.post("/x", "x".repeat(100)).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void whoAsksTooOftenHasToWait() throws Exception {
        try (MarinaUnderTest marina = marina("limits: { rate: 1/m, burst: 3 }", "")) {
            for (int i = 0; i < 3; i++) {
                assertThat(marina.get("/x").statusCode()).isEqualTo(200);
            }
            var refused = marina.get("/x");

            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValueAsLong("Retry-After")).isPresent();
            assertThat(marina.get("/up").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aBucketFillsUpAgainAndIsForgottenThen() throws Exception {
        AtomicLong now = new AtomicLong();
        RequestRates rates = new RequestRates(now::get);
        Rate rate = new Rate(10, Duration.ofSeconds(1), 2);
        InetAddress one = InetAddress.getByName("2001:db8::1");
        InetAddress neighbour = InetAddress.getByName("2001:db8::2");
        InetAddress other = InetAddress.getByName("2001:db8:0:1::1");

        assertThat(rates.take(one, rate)).isZero();
        assertThat(rates.take(neighbour, rate)).isZero();
        assertThat(rates.take(one, rate)).isEqualTo(Duration.ofMillis(100));
        assertThat(rates.take(other, rate)).isZero();
        now.addAndGet(Duration.ofMillis(100).toNanos());
        assertThat(rates.take(one, rate)).isZero();
        assertThat(rates.take(one, rate)).isPositive();
        now.addAndGet(Duration.ofMillis(200).toNanos());
        rates.sweep();
        assertThat(rates.clients()).isZero();
    }

    @Test
    void anAddressHasOnlySoManyConnections() throws Exception {
        try (MarinaUnderTest marina = marina("limits: { connections_per_address: 2 }", "")) {
            URI server = marina.uri("");
            try (RawClient first = new RawClient(server);
                    RawClient second = new RawClient(server)) {
                assertThat(RawClient.status(get(first))).isEqualTo(200);
                assertThat(RawClient.status(get(second))).isEqualTo(200);
                assertThat(RawClient.get(server, "/x")).isEmpty();
                assertThat(RawClient.status(get(first))).isEqualTo(200);
            }
            await().until(() -> RawClient.status(RawClient.get(server, "/x")) == 200);
        }
    }

    @Test
    void aTrustedProxyHasAsManyConnectionsAsItNeeds() throws Exception {
        try (MarinaUnderTest marina =
                marina("limits: { connections_per_address: 1 }\ntrusted_proxies: [loopback]", "")) {
            try (RawClient first = new RawClient(marina.uri(""))) {
                assertThat(RawClient.status(get(first))).isEqualTo(200);
                assertThat(RawClient.status(RawClient.get(marina.uri(""), "/x")))
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void moreThanAContextTakesOnWaitsAndThenIsRefused() throws Exception {
        String app = "{ command: [node, app.js], directory: "
                + Path.of("target", "test-classes", "apps").toAbsolutePath()
                + ", page_after: 20s, limits: { max_concurrent: 1, max_queued: 1 } }";
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, "contexts: { /: " + app + " }\n")) {
            assertThat(marina.get("/").statusCode()).isEqualTo(200);
            List<CompletableFuture<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                answers.add(marina.getAsync("/slow?ms=700").thenApply(answer -> answer.statusCode()));
            }

            List<Integer> statuses =
                    answers.stream().map(CompletableFuture::join).sorted().toList();
            assertThat(statuses).containsExactly(200, 200, 503);
            assertThat(marina.get("/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void slowClientsDoNotHurtOthersAndAreClosed() throws Exception {
        List<SocketChannel> slow = new ArrayList<>();
        try (MarinaUnderTest marina = marina("limits: { header_timeout: 2s }", "")) {
            URI server = marina.uri("");
            for (int i = 0; i < SLOW_CLIENTS; i++) {
                SocketChannel one = SocketChannel.open(new InetSocketAddress(server.getHost(), server.getPort()));
                one.configureBlocking(false);
                write(one, "GET /x HTTP/1.1\r\nX: ");
                slow.add(one);
            }
            long worst = 0;
            for (int i = 0; i < 25; i++) {
                slow.forEach(one -> write(one, "y"));
                long start = System.nanoTime();
                assertThat(marina.get("/x").statusCode()).isEqualTo(200);
                worst = Math.max(worst, System.nanoTime() - start);
            }
            assertThat(Duration.ofNanos(worst)).isLessThan(Duration.ofSeconds(2));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> slow.stream().allMatch(TrafficLimitsTest::closedByServer));
        } finally {
            for (SocketChannel one : slow) {
                one.close();
            }
        }
    }

    private MarinaUnderTest marina(String server, String context) throws IOException {
        HeadEcho echo = new HeadEcho("echo");
        String more = context.isEmpty() ? "" : ", " + context;
        return MarinaUnderTest.start(
                base, server + "\ncontexts: { /: { upstream: \"" + echo.url() + "\"" + more + " } }\n");
    }

    private static String get(RawClient client) {
        return client.send("GET /x HTTP/1.1\r\nHost: shop\r\n\r\n").answer();
    }

    private static void write(SocketChannel channel, String text) {
        try {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (IOException e) {
            // the server has closed it, which is what it should do in time
        }
    }

    private static boolean closedByServer(SocketChannel channel) {
        try {
            return channel.read(ByteBuffer.allocate(16)) < 0;
        } catch (IOException e) {
            return true;
        }
    }
}
