package marina.navigator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import marina.testing.MarinaUnderTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file for Navigator: WebSockets of a tenant, and of a server behind a reverse proxy. */
class SocketsTest {
    @TempDir
    private static Path folder;

    private static MarinaUnderTest behind;
    private static MarinaUnderTest front;

    @BeforeAll
    static void start() {
        String chat =
                Path.of("src/test/resources/apps/chat.js").toAbsolutePath().toString();
        behind = new NavigatorBed(folder.resolve("behind"))
                .navigator(
                        """
                        server: {listen: LISTEN}
                        applications: {tenants: [{path: /chat/, runtime: node, server: %s, args: [x]}]}
                        """
                                .formatted(chat))
                .start();
        front = new NavigatorBed(folder.resolve("front"))
                .navigator(
                        """
                        server: {listen: LISTEN}
                        routes:
                          reverse_proxies:
                            - {path: '^/regions/[a-z]+(/chat/.*)$', target: '%s', strip_path: true, websocket: true}
                            - {prefix: /plain, target: '%s', strip_path: true, websocket: false}
                        """
                                .formatted(behind.uri(""), behind.uri("")))
                .start();
    }

    @AfterAll
    static void stop() {
        front.close();
        behind.close();
    }

    private static void echoes(MarinaUnderTest marina, String path) {
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .subprotocols("other", "echo")
                .buildAsync(URI.create(marina.uri(path).toString().replace("http:", "ws:")), new Listener(events))
                .join();
        assertThat(socket.getSubprotocol()).as("the one that the server chose").isEqualTo("echo");
        socket.sendText("hello", true).join();
        assertThat(next(events)).isEqualTo("hello");
        // There the code of the end is lost behind a reverse proxy.
        socket.sendClose(4001, "over").join();
        assertThat(next(events)).isEqualTo("close 4001");
    }

    private static String next(BlockingQueue<String> events) {
        try {
            return String.valueOf(events.poll(20, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private record Listener(BlockingQueue<String> events) implements WebSocket.Listener {
        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            events.add(text.toString());
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            events.add("close " + code);
            return null;
        }
    }

    @Test
    void ofATenant() {
        echoes(behind, "/chat/ws");
    }

    @Test
    void behindAReverseProxyWithItsPathStripped() {
        echoes(front, "/regions/iad/chat/ws");
    }

    @Test
    void behindOneThatIsNotMarkedForThem() {
        echoes(front, "/plain/chat/ws");
    }

    @Test
    void plainRequestsPassThere() {
        assertThat(front.get("/regions/iad/chat/x").body()).startsWith("chat ");
    }
}
