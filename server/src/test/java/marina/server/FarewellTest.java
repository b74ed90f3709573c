package marina.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import marina.testing.MarinaUnderTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients see of a server that stops. */
class FarewellTest {
    private static final String APPS =
            """
            contexts:
              /app: { command: [node, "%1$s/app.js"] }
              /chat: { command: [node, "%1$s/chat.js"] }
            """
                    .formatted(Path.of("src/test/resources/apps").toAbsolutePath());

    @TempDir
    private Path base;

    private @Nullable MarinaUnderTest running;

    @AfterEach
    void stop() {
        if (running != null) {
            running.close();
        }
    }

    @Test
    void theHealthCheckTurnsFirstAndRequestsAreStillServed() throws Exception {
        MarinaUnderTest marina = start("drain: { timeout: 10s, notice: 3s }\n");
        URI url = marina.uri("");
        CompletableFuture<Void> stopped = stopInBackground();

        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(marina.get("/up").statusCode()).isEqualTo(503));
        assertThat(ask(url, "/nothing")).startsWith("HTTP/1.1 404").contains("Connection: close");
        stopped.get(20, TimeUnit.SECONDS);
        assertThatThrownBy(() -> ask(url, "/up")).isInstanceOf(IOException.class);
    }

    @Test
    void requestsInFlightAreAnsweredAndIdleConnectionsDoNotWait() throws Exception {
        MarinaUnderTest marina = start("drain: 20s\n");
        marina.get("/app/warm");
        URI url = marina.uri("");
        try (Socket idle = new Socket(InetAddress.getLoopbackAddress(), url.getPort());
                Socket busy = new Socket(InetAddress.getLoopbackAddress(), url.getPort())) {
            CompletableFuture<HttpResponse<String>> idleHttp2 = http2(url);
            assertThat(idleHttp2.get(10, TimeUnit.SECONDS).body()).isEqualTo("OK");
            send(busy, "/app/slow?ms=1500");
            await().until(() -> marina.status("/app").backend().leases() == 1);
            long start = System.nanoTime();
            CompletableFuture<Void> stopped = stopInBackground();

            idle.setSoTimeout(1000);
            assertThat(idle.getInputStream().read()).isEqualTo(-1);
            assertThat(new String(busy.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 200")
                    .contains("Connection: close");
            stopped.get(20, TimeUnit.SECONDS);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void webSocketsOfBackendsAreToldThatTheServerGoesAway() throws Exception {
        MarinaUnderTest marina = start("drain: 20s\n");
        Closing closing = new Closing();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create(marina.uri("/chat/ws").toString().replace("http:", "ws:")), closing)
                .get(20, TimeUnit.SECONDS);
        socket.sendText("hello", true).get(10, TimeUnit.SECONDS);
        assertThat(closing.text.get(10, TimeUnit.SECONDS)).isEqualTo("hello");
        long start = System.nanoTime();
        stopNow();

        assertThat(closing.status.get(10, TimeUnit.SECONDS)).isEqualTo(1001);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }

    private MarinaUnderTest start(String yaml) {
        running = MarinaUnderTest.start(base, yaml + APPS);
        return running;
    }

    /** On a thread of its own: the common pool may have a single one, which the HTTP client needs. */
    private CompletableFuture<Void> stopInBackground() {
        return CompletableFuture.runAsync(this::stopNow, task -> new Thread(task, "stop").start());
    }

    private void stopNow() {
        MarinaUnderTest marina = running;
        running = null;
        if (marina != null) {
            marina.close();
        }
    }

    /** Leaves an idle connection of HTTP/2 behind. */
    private static CompletableFuture<HttpResponse<String>> http2(URI url) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .build()
                .sendAsync(HttpRequest.newBuilder(url.resolve("/up")).build(), BodyHandlers.ofString());
    }

    private static void send(Socket socket, String path) throws IOException {
        socket.setSoTimeout(20_000);
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static String ask(URI url, String path) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), url.getPort())) {
            send(socket, path);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    /** Remembers the first text and the status of the end. */
    private static final class Closing implements WebSocket.Listener {
        private final CompletableFuture<String> text = new CompletableFuture<>();
        private final CompletableFuture<Integer> status = new CompletableFuture<>();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.complete(data.toString());
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            status.complete(code);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            status.completeExceptionally(error);
        }
    }
}
