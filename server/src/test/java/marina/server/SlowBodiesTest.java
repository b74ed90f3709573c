package marina.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import marina.config.TrafficLimits.Pace;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import marina.testing.SilentBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A body has to come, and an application that does not take it is not its client's fault. */
class SlowBodiesTest {
    private static final String APP = "contexts: { /: { command: [node, app.js], directory: "
            + Path.of("target", "test-classes", "apps").toAbsolutePath() + ", page_after: 20s } }\n";

    @TempDir
    private Path base;

    @Test
    void aBodyThatComesByteByByteGets408AndIsClosed() throws Exception {
        try (SilentBackend backend = new SilentBackend();
                MarinaUnderTest marina = MarinaUnderTest.start(
                        base, limits("1s") + "contexts: { /: { upstream: \"" + backend.url() + "\" } }\n")) {
            for (String framing : new String[] {"Content-Length: 1000", "Transfer-Encoding: chunked"}) {
                String answer = trickle(marina.uri(""), framing);

                assertThat(answer)
                        .startsWith("HTTP/1.1 408")
                        .contains("Connection: close")
                        .doesNotContain("Exception");
            }
            await().until(() -> backend.visits().stream().allMatch(SilentBackend.Visit::isClosed));
            await().until(() -> marina.status("/").backend().leases() == 0);
        }
    }

    @Test
    void aBodyThatComesSlowlyButFastEnoughArrives() throws Exception {
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, limits("1s") + APP);
                RawClient client = new RawClient(marina.uri(""))) {
            assertThat(marina.get("/").statusCode()).isEqualTo(200);
            client.send("POST /upload HTTP/1.1\r\nHost: shop\r\nContent-Length: 3000\r\n\r\n");
            for (int i = 0; i < 30; i++) {
                client.send("x".repeat(100));
                pause(100);
            }

            assertThat(client.answer()).startsWith("HTTP/1.1 200").endsWith("3000");
        }
    }

    @Test
    void aBackendThatReadsSlowlyIsNotTheClientsFault() throws Exception {
        int size = 8 * 1024 * 1024;
        CompletableFuture<Long> received = new CompletableFuture<>();
        try (ServerSocket server = new ServerSocket()) {
            server.setReceiveBufferSize(16 * 1024);
            server.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            Thread reader = new Thread(() -> readWithPauses(server, size, received), "slow-backend");
            reader.setDaemon(true);
            reader.start();
            String upstream = "contexts: { /: { upstream: \"http://127.0.0.1:" + server.getLocalPort() + "\" } }\n";
            // A rate that the backend's own pace is far below.
            try (MarinaUnderTest marina =
                            MarinaUnderTest.start(base, "limits: { min_rate: 1M, min_rate_grace: 1s }\n" + upstream);
                    Socket client =
                            new Socket(marina.uri("").getHost(), marina.uri("").getPort())) {
                client.setSoTimeout(30_000);
                OutputStream out = client.getOutputStream();
                out.write(("POST / HTTP/1.1\r\nHost: shop\r\nConnection: close\r\nContent-Length: " + size + "\r\n\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
                out.write(new byte[size]);

                assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                        .startsWith("HTTP/1.1 200");
                assertThat(received.get(1, TimeUnit.SECONDS)).isEqualTo(size);
            }
        }
    }

    @Test
    void aConversationIsNotMeasured() throws Exception {
        try (SilentBackend backend = new SilentBackend();
                MarinaUnderTest marina = MarinaUnderTest.start(
                        base, limits("500ms") + "contexts: { /: { upstream: \"" + backend.url() + "\" } }\n");
                RawClient client = new RawClient(marina.uri(""))) {
            client.send("POST / HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n");
            await().until(() -> backend.visits().size() == 1
                    && backend.visits().get(0).heard().contains("\r\n1\r\na"));
            backend.visits().get(0).say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no");
            for (int i = 0; i < 8; i++) {
                pause(250);
                client.send("1\r\nb\r\n");
            }
            client.send("0\r\n\r\n");
            await().until(() -> backend.visits().get(0).heard().endsWith("0\r\n\r\n"));
            backend.visits().get(0).say("k");

            assertThat(client.answer()).startsWith("HTTP/1.1 200").endsWith("ok");
        }
    }

    @Test
    void anAverageCountsAndTheGraceDoesNot() {
        Pace pace = new Pace(240, Duration.ofSeconds(30));

        assertThat(pace.isMissed(0, Duration.ofSeconds(30))).isFalse();
        assertThat(pace.isMissed(2_399, Duration.ofSeconds(40))).isTrue();
        assertThat(pace.isMissed(2_400, Duration.ofSeconds(40))).isFalse();
        assertThat(new Pace(0, Duration.ofSeconds(30)).isMissed(1, Duration.ofHours(1)))
                .isFalse();
    }

    private static String limits(String grace) {
        return "limits: { min_rate: 240, min_rate_grace: " + grace + " }\n";
    }

    /** Goes on until the server has had enough. */
    private static String trickle(URI server, String framing) throws IOException {
        boolean chunked = framing.toLowerCase(Locale.ENGLISH).contains("chunked");
        try (Socket client = new Socket(server.getHost(), server.getPort())) {
            client.setSoTimeout(100);
            client.getOutputStream()
                    .write(("POST /upload HTTP/1.1\r\nHost: shop\r\n" + framing + "\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            for (int i = 0; i < 100; i++) {
                try {
                    client.getOutputStream()
                            .write((chunked ? "1\r\nx\r\n" : "x").getBytes(StandardCharsets.ISO_8859_1));
                    int next = client.getInputStream().read();
                    while (next >= 0) {
                        answer.write(next);
                        next = client.getInputStream().read();
                    }
                    break;
                } catch (java.net.SocketTimeoutException e) {
                    // nothing yet; the next byte
                } catch (java.net.SocketException e) {
                    break; // it has closed while we wrote
                }
            }
            return answer.toString(StandardCharsets.ISO_8859_1);
        }
    }

    private static void readWithPauses(ServerSocket server, int size, CompletableFuture<Long> received) {
        try (Socket socket = server.accept()) {
            InputStream input = socket.getInputStream();
            int end = 0;
            for (int matched = 0; matched < 4; end = input.read()) {
                matched = end == "\r\n\r\n".charAt(matched) ? matched + 1 : end == '\r' ? 1 : 0;
                if (matched == 4) {
                    break;
                }
            }
            long count = 0;
            byte[] piece = new byte[64 * 1024];
            long slowly = 3L * 1024 * 1024;
            while (count < size) {
                int read = input.read(piece, 0, (int) Math.min(piece.length, size - count));
                if (read < 0) {
                    break;
                }
                count += read;
                if (count < slowly) {
                    pause(80); // about four seconds in all
                }
            }
            socket.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
                            .getBytes(StandardCharsets.ISO_8859_1));
            received.complete(count);
        } catch (IOException e) {
            received.completeExceptionally(e);
        }
    }

    private static void pause(long millis) {
        await().pollDelay(Duration.ofMillis(millis))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> true);
    }
}
