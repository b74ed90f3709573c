package marina.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import marina.testing.RawClient;
import org.eclipse.jetty.http.HostPortHttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** WebSockets that the operator ignores keep no machine awake, whoever speaks them and however; all others do. */
class IgnoredWebSocketsTest {
    private static final String IDLE = "timeout: 1s";
    private static final Path WAR =
            Path.of(System.getProperty("marina.home", ".."), "examples/gameserver/target/gameserver.war");

    @TempDir
    private Path base;

    private static String chat(String keys) {
        return MachineBed.app(keys).replace("app.js", "chat.js");
    }

    private static String game(String keys) {
        return "contexts: { /app: { war: \"" + WAR.toAbsolutePath().normalize() + "\", page_after: 60s" + keys
                + " } }\n";
    }

    @Test
    void thatOfAWarDoesNotAndIsClosedProperly() {
        try (MachineBed bed = MachineBed.start(base, IDLE, game(", websockets: ignore"))) {
            bed.answers("/app/");
            Ear ear = new Ear();
            WebSocket socket = open(bed, "/app/live", ear);
            bed.awaitCalls(1);
            assertThat(bed.marina.status("/app").state()).isEqualTo("stopped");
            assertThat(ear.end.join()).isBetween(1000, 1001);
            socket.abort();
        }
    }

    @Test
    void thatOfAnotherWarDoes() {
        try (MachineBed bed = MachineBed.start(base, IDLE, game(""))) {
            bed.answers("/app/");
            WebSocket socket = open(bed, "/app/live", new Ear());
            await().during(Duration.ofSeconds(2)).until(() -> bed.api.calls().isEmpty());
            socket.abort();
            bed.awaitCalls(1);
        }
    }

    @Test
    void thatOfHttp2DoesNot() throws Exception {
        try (MachineBed bed = MachineBed.start(base, IDLE, chat("websockets: ignore"));
                Http2Socket socket = new Http2Socket(bed.marina.uri(""), "/app/ws")) {
            bed.awaitCalls(1);
            assertThat(bed.marina.status("/app").state()).isEqualTo("stopped");
            assertThat(socket.status.join()).isEqualTo(200);
        }
    }

    @Test
    void anotherOfHttp2Does() throws Exception {
        try (MachineBed bed = MachineBed.start(base, IDLE, chat(""));
                Http2Socket socket = new Http2Socket(bed.marina.uri(""), "/app/ws")) {
            assertThat(socket.status.join()).isEqualTo(200);
            await().during(Duration.ofSeconds(2)).until(() -> bed.api.calls().isEmpty());
            socket.end();
            bed.awaitCalls(1);
        }
    }

    @Test
    void thatOfAProcessIsToldOfTheEndAndDoesNotHoldUpTheSleep() {
        try (MachineBed bed = MachineBed.start(base, IDLE + ", websockets: ignore", chat(""))) {
            Ear ear = new Ear();
            WebSocket socket = open(bed, "/app/ws", ear);
            bed.awaitState(MachineState.IDLING);
            long begin = System.nanoTime();
            bed.awaitCalls(1);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(8));
            assertThat(ear.end.join()).isEqualTo(1001);
            socket.abort();
        }
    }

    @Test
    void thatOfARouteDoesNotWhereTheServerIgnoresThem() {
        try (MachineBed backend = MachineBed.start(base.resolve("backend"), "timeout: 1h", MachineBed.app(""));
                MachineBed bed = MachineBed.start(
                        base.resolve("front"),
                        IDLE + ", websockets: ignore",
                        "routes: [{ match: \"^/live$\", upstream: \"" + backend.marina.uri("/app/echo") + "\" }]\n");
                RawClient socket = new RawClient(bed.marina.uri(""))) {
            backend.answers("/app/");
            socket.send("GET /live HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
            assertThat(socket.answer()).startsWith("HTTP/1.1 101");
            bed.awaitCalls(1);
        }
    }

    private static WebSocket open(MachineBed bed, String path, WebSocket.Listener listener) {
        URI uri = URI.create("ws" + bed.marina.uri(path).toString().substring(4));
        return HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(uri, listener)
                .join();
    }

    /** Hears how a WebSocket ends. */
    private static final class Ear implements WebSocket.Listener {
        private final CompletableFuture<Integer> end =
                new CompletableFuture<Integer>().orTimeout(MachineBed.PATIENCE.toSeconds(), TimeUnit.SECONDS);

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            end.complete(status);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void onError(WebSocket socket, Throwable failure) {
            end.completeExceptionally(failure);
        }
    }

    /** A WebSocket in a stream of HTTP/2 (RFC 8441). */
    private static final class Http2Socket implements AutoCloseable, Stream.Listener {
        private final CompletableFuture<Integer> status =
                new CompletableFuture<Integer>().orTimeout(MachineBed.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        private final HTTP2Client client = new HTTP2Client();
        private final Stream stream;

        Http2Socket(URI server, String path) throws Exception {
            client.start();
            Session session = client.connect(
                            new InetSocketAddress(server.getHost(), server.getPort()), new Session.Listener() {})
                    .get(10, TimeUnit.SECONDS);
            HttpFields fields = HttpFields.build().add("Sec-WebSocket-Version", "13");
            MetaData.ConnectRequest connect =
                    new MetaData.ConnectRequest("http", new HostPortHttpField("shop"), path, fields, "websocket");
            stream = session.newStream(new HeadersFrame(connect, null, false), this)
                    .get(10, TimeUnit.SECONDS);
        }

        @Override
        public void onHeaders(Stream answered, HeadersFrame frame) {
            status.complete(((MetaData.Response) frame.getMetaData()).getStatus());
        }

        void end() {
            stream.data(new DataFrame(stream.getId(), ByteBuffer.allocate(0), true), Callback.NOOP);
        }

        @Override
        public void close() {
            LifeCycle.stop(client);
        }
    }
}
