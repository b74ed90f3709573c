package marina.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import marina.testing.MarinaUnderTest;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** WebSockets through a route to another server: the same path, fields and limits as any exchange. */
class RoutedWebSocketTest {
    private static final String ROUTE =
            """
            limits: { max_body: 1K }
            headers: { request: { X-All: "yes" } }
            routes:
              - match: "^/live/(.*)$"
                methods: [GET]
                upstream: "http://127.0.0.1:%d/cable/$1"
                request_headers: { X-Host: "${host}", Origin: "", Host: live.example }
                response_headers: { X-A: b }
            """;

    @TempDir
    private Path base;

    @Test
    void speaksWithTheUpstream() throws Exception {
        try (ScriptedBackend backend = WebSocketEcho.backend();
                MarinaUnderTest marina = MarinaUnderTest.start(base, ROUTE.formatted(backend.port()))) {
            WebSocketEvents events = new WebSocketEvents();
            String address = "127.0.0.1:" + marina.uri("").getPort();
            WebSocket socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .subprotocols("a")
                    .header("X-Host", "evil")
                    .header("Origin", "http://shop")
                    .buildAsync(URI.create("ws://" + address + "/live/a%20b?room=7"), events)
                    .join();
            assertThat(socket.getSubprotocol()).isEqualTo("a");

            socket.sendText("headers", true).join();
            assertThat(events.next())
                    .startsWith("text GET /cable/a%20b?room=7 HTTP/1.1\r\n")
                    .contains("Host: live.example\r\n", "X-Host: " + address + "\r\n", "X-All: yes\r\n")
                    .contains("X-Forwarded-Host: " + address + "\r\n", "Upgrade: websocket\r\n")
                    .doesNotContain("Origin", "evil");

            socket.sendText("x".repeat(5_000), true).join();
            assertThat(events.next()).isEqualTo("text " + "x".repeat(5_000));
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "bye").join();
            assertThat(events.next()).isEqualTo("close 1000 bye");
        }
    }

    @Test
    void theAnswerThatUpgradesHasTheFieldsOfTheRoute() throws Exception {
        try (ScriptedBackend backend = WebSocketEcho.backend();
                MarinaUnderTest marina = MarinaUnderTest.start(base, ROUTE.formatted(backend.port()));
                RawClient client = new RawClient(marina.uri(""))) {
            String head = client.send(
                            """
                            GET /live/x HTTP/1.1
                            Host: shop
                            Connection: Upgrade
                            Upgrade: websocket
                            Sec-WebSocket-Version: 13
                            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

                            """
                                    .replace("\n", "\r\n"))
                    .answer();

            assertThat(head)
                    .startsWith("HTTP/1.1 101 ")
                    .contains("\r\nX-A: b\r\n", "\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
        }
    }

    @Test
    void http2AsksInAFormOfItsOwn() throws Exception {
        HTTP2Client http2 = new HTTP2Client();
        http2.start();
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    assertThat(wire.head())
                            .startsWith("GET /cable/x?y HTTP/1.1\r\n")
                            .contains("Upgrade: websocket\r\n", "X-Host: shop\r\n", "Host: live.example\r\n");
                    wire.send("HTTP/1.1 101 Fine\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhello");
                    wire.rest();
                });
                MarinaUnderTest marina = MarinaUnderTest.start(base, ROUTE.formatted(backend.port()))) {
            BlockingQueue<String> events = new LinkedBlockingQueue<>();
            Session session = http2.connect(
                            new InetSocketAddress(
                                    InetAddress.getLoopbackAddress(),
                                    marina.uri("").getPort()),
                            new Session.Listener() {})
                    .get(5, TimeUnit.SECONDS);
            MetaData.ConnectRequest connect = new MetaData.ConnectRequest(
                    "http", new HostPortHttpField("shop"), "/live/x?y", HttpFields.build(), "websocket");
            Stream stream = session.newStream(new HeadersFrame(connect, null, false), listener(events))
                    .get(5, TimeUnit.SECONDS);

            assertThat(events.poll(5, TimeUnit.SECONDS)).isEqualTo("200 b");
            assertThat(events.poll(5, TimeUnit.SECONDS)).isEqualTo("hello");
            stream.data(new DataFrame(stream.getId(), ByteBuffer.allocate(0), true), Callback.NOOP);
            assertThat(backend.failures()).isEmpty();
        } finally {
            http2.stop();
        }
    }

    private static Stream.Listener listener(BlockingQueue<String> events) {
        return new Stream.Listener() {
            @Override
            public void onHeaders(Stream stream, HeadersFrame frame) {
                MetaData.Response head = (MetaData.Response) frame.getMetaData();
                events.add(head.getStatus() + " " + head.getHttpFields().get("X-A"));
                stream.demand();
            }

            @Override
            public void onDataAvailable(Stream stream) {
                Stream.Data data = stream.readData();
                if (data != null) {
                    events.add(StandardCharsets.UTF_8
                            .decode(data.frame().getByteBuffer())
                            .toString());
                    data.release();
                }
            }
        };
    }

    @Test
    void aStaleConnectionIsTriedAgain() throws Exception {
        ScriptedBackend.Script once = (wire, connection) -> {
            wire.head();
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + connection);
            if (connection == 1) {
                wire.head();
                wire.reset(); // in the middle of the second exchange
            }
        };
        try (ScriptedBackend backend = ScriptedBackend.serving(once);
                MarinaUnderTest marina = MarinaUnderTest.start(base, ROUTE.formatted(backend.port()))) {
            assertThat(marina.get("/live/x").body()).isEqualTo("1");
            assertThat(marina.get("/live/x").body()).isEqualTo("2");
        }
    }
}
