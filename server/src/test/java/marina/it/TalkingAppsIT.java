package marina.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Applications in other languages behind Marina, and what flows through it both ways. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class TalkingAppsIT {
    private HomeUnderTest home;

    @BeforeAll
    void start(@TempDir Path base) {
        home = HomeUnderTest.at(
                base,
                """
                contexts:
                  /chat: { %s }
                  /python:
                    command: [python3, -u, -m, http.server, "${port}", --bind, 127.0.0.1]
                    directory: site
                    strip_path: true
                """
                        .formatted(Apps.node("chat.js")));
        home.write("site/index.html", "from Python").write("site/large.txt", "0123456789".repeat(100_000));
        home.start();
    }

    @AfterAll
    void stop() {
        home.close();
    }

    @Test
    void servesFilesThroughAPythonServer() {
        home.browser().awaitBody("/python/", "from Python");
        assertThat(home.browser().body("/python/large.txt")).isEqualTo(home.read("site/large.txt"));
        assertThat(home.browser().get("/python/none").statusCode()).isEqualTo(404);
    }

    @Test
    void webSocketsPassBothWaysWithTheirSubprotocolAndCloseCode() throws Exception {
        home.browser().awaitStatus("/chat/", 200);
        Ear ear = new Ear();
        URI uri = URI.create("ws" + home.uri("/chat/ws").toString().substring("http".length()));
        WebSocket socket = home.browser()
                .client()
                .newWebSocketBuilder()
                .subprotocols("other", "echo")
                .buildAsync(uri, ear)
                .get(20, TimeUnit.SECONDS);
        assertThat(socket.getSubprotocol()).isEqualTo("echo");

        String large = "wörter ".repeat(20_000);
        for (String text : List.of("hello", "", large)) {
            socket.sendText(text, true).get(10, TimeUnit.SECONDS);
            assertThat(ear.next()).isEqualTo("text " + text);
        }
        socket.sendBinary(ByteBuffer.wrap(new byte[] {0, -1, 7}), true).get(10, TimeUnit.SECONDS);
        assertThat(ear.next()).isEqualTo("binary [0, -1, 7]");
        socket.sendClose(4_321, "enough").get(10, TimeUnit.SECONDS);
        assertThat(ear.next()).isEqualTo("close 4321 enough");
    }

    @Test
    void eventsArriveOneByOne() throws Exception {
        home.browser().awaitStatus("/chat/", 200);
        HttpRequest request = HttpRequest.newBuilder(home.uri("/chat/events")).build();
        HttpResponse<java.io.InputStream> response =
                home.browser().client().send(request, BodyHandlers.ofInputStream());
        assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream");
        try (BufferedReader events =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            for (int i = 1; i <= 3; i++) {
                assertThat(nextEvent(events)).isEqualTo("data: " + i); // the next is not sent before this one is seen
                assertThat(home.browser().get("/chat/next").statusCode()).isEqualTo(200);
            }
            assertThat(events.readLine()).isNull();
        }
    }

    private static String nextEvent(BufferedReader events) throws IOException {
        String line = events.readLine();
        assertThat(events.readLine()).isEmpty();
        return line;
    }

    /** Hears whole messages. */
    private static final class Ear implements WebSocket.Listener {
        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();

        String next() throws InterruptedException {
            return String.valueOf(heard.poll(20, TimeUnit.SECONDS));
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                heard.add("text " + text);
                text.setLength(0);
            }
            return WebSocket.Listener.super.onText(socket, data, last);
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            heard.add("binary " + java.util.Arrays.toString(bytes));
            return WebSocket.Listener.super.onBinary(socket, data, last);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            heard.add("close " + status + " " + reason);
            return WebSocket.Listener.super.onClose(socket, status, reason);
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            heard.add("error " + error);
        }
    }
}
