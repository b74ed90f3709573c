package marina.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import marina.config.EeLevel;
import marina.testing.MarinaUnderTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A WebSocket of a web application is told that the server goes away, as those of proxied applications are. */
class WebSocketFarewellTest {
    private static final String ENDPOINT =
            """
            package app;
            import $API.websocket.*; import $API.websocket.server.ServerEndpoint;
            @ServerEndpoint("/echo")
            public class Echo {
                @OnMessage public String echo(String text) { return "echo " + text; }
                @OnClose public void close(CloseReason reason) throws java.io.IOException {
                    java.nio.file.Files.writeString(java.nio.file.Path.of("MARK"), String.valueOf(reason.getCloseCode().getCode()));
                }
            }
            """;

    @TempDir
    private Path base;

    @ParameterizedTest
    @EnumSource(names = {"EE8", "EE10"})
    void goingAwayIsTheLastWord(EeLevel level) throws Exception {
        assertThatGoingAwayIsTheLastWord(level, false);
    }

    @ParameterizedTest
    @EnumSource(names = {"EE8", "EE10"})
    void whoNeverPausesIsToldTheSame(EeLevel level) throws Exception {
        assertThatGoingAwayIsTheLastWord(level, true);
    }

    private void assertThatGoingAwayIsTheLastWord(EeLevel level, boolean endless) throws Exception {
        Path mark = base.resolve("closed.txt");
        Files.createDirectories(base.resolve("webapps"));
        Path war = new TestWar(level, base)
                .file("WEB-INF/web.xml", ThreeWaysToSettingsTest.webXml(level))
                .type("app.Do", TestWar.servlet(""))
                .type("app.Echo", ENDPOINT.replace("MARK", mark.toString()))
                .pack("w.war");
        Files.move(war, base.resolve("webapps/w.war"));
        MarinaUnderTest marina = MarinaUnderTest.start(base, "drain: 20s\n");
        CompletableFuture<String> text = new CompletableFuture<>();
        CompletableFuture<Integer> status = new CompletableFuture<>();
        try {
            WebSocket socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(
                            URI.create(marina.uri("/w/echo").toString().replace("http:", "ws:")),
                            new Closing(text, status, endless))
                    .get(30, TimeUnit.SECONDS);
            socket.sendText("hello", true).get(10, TimeUnit.SECONDS);
            assertThat(text.get(10, TimeUnit.SECONDS)).isEqualTo("echo hello");
        } finally {
            long start = System.nanoTime();
            marina.close();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        }

        assertThat(status.get(10, TimeUnit.SECONDS)).isEqualTo(1001);
        assertThat(Files.readString(mark)).isEqualTo("1001");
    }

    /** Remembers the first text and the status of the end; an endless one answers each text. */
    private record Closing(CompletableFuture<String> text, CompletableFuture<Integer> status, boolean endless)
            implements WebSocket.Listener {
        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.complete(data.toString());
            if (endless) {
                var unused = socket.sendText("again", true);
            }
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
