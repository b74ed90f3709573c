package marina.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class UpgradeTest {

    private static final String ASK =
            "GET /chat HTTP/1.1\r\nHost: shop\r\nConnection: keep-alive, Upgrade\r\nUpgrade: foo/1\r\n\r\n";
    private static final String ACCEPT =
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: foo/1\r\n\r\n";

    private final HttpClient http = HttpClient.newHttpClient();

    private WebSocket connect(Front front, WebSocketEvents events) {
        return http.newWebSocketBuilder()
                .subprotocols("b", "a")
                .header("Origin", "http://example.com")
                .header("Cookie", "session=1")
                .buildAsync(URI.create("ws://127.0.0.1:" + front.port() + "/cable"), events)
                .join();
    }

    @Test
    void carriesTextBinarySubprotocolAndCloseCodes() throws Exception {
        try (ScriptedBackend backend = WebSocketEcho.backend();
                Front front = Front.to(backend.port())) {
            WebSocketEvents events = new WebSocketEvents();
            WebSocket socket = connect(front, events);
            assertThat(socket.getSubprotocol()).isEqualTo("a");
            Front.soon("the tunnel opens", () -> front.forwarder().tunnels() == 1);

            socket.sendText("hello", true).join();
            assertThat(events.next()).isEqualTo("text hello");
            socket.sendBinary(ByteBuffer.allocate(300_000), true).join();
            assertThat(events.next()).isEqualTo("binary 300000");
            socket.sendText("headers", true).join();
            assertThat(events.next()).contains("Origin: http://example.com", "Cookie: session=1", "X-Forwarded-For");
            assertThat(front.allExchangesEnded()).isFalse();
            socket.sendClose(4001, "bye").join();
            assertThat(events.next()).isEqualTo("close 4001 bye");

            Front.soon("the tunnel ends", () -> front.forwarder().tunnels() == 0 && front.allExchangesEnded());
        }
    }

    @Test
    void carriesTheCloseCodeOfTheBackend() throws Exception {
        try (ScriptedBackend backend = WebSocketEcho.backend();
                Front front = Front.to(backend.port())) {
            WebSocketEvents events = new WebSocketEvents();
            WebSocket socket = connect(front, events);

            socket.sendText("close", true).join();

            assertThat(events.next()).isEqualTo("close 4321 enough");
        }
    }

    @Test
    void tellsTheClientWhenTheBackendIsKilled() throws Exception {
        try (ScriptedBackend backend = WebSocketEcho.backend();
                Front front = Front.to(backend.port())) {
            WebSocketEvents events = new WebSocketEvents();
            WebSocket socket = connect(front, events);

            socket.sendText("die", true).join();

            assertThat(events.next())
                    .isIn("close 1001 ", "close 1006 ", "error"); // as the connection was reset or ended
            Front.soon("the tunnel ends", () -> front.forwarder().tunnels() == 0);
        }
    }

    @Test
    void tellsTheBackendWhenTheClientIsKilled() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    wire.head();
                    wire.send(ACCEPT);
                    wire.rest();
                    ended.countDown();
                });
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            client.send(ASK).head();

            client.reset();

            assertThat(ended.await(5, TimeUnit.SECONDS)).isTrue();
            Front.soon("the tunnel ends", () -> front.forwarder().tunnels() == 0 && front.allExchangesEnded());
        }
    }

    @Test
    void answers502WhenNobodyListens() throws Exception {
        try (Front front = Front.to(JettyBackend.unusedPort())) {
            assertThatThrownBy(() -> connect(front, new WebSocketEvents()))
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isInstanceOfSatisfying(WebSocketHandshakeException.class, refused -> assertThat(
                                    refused.getResponse().statusCode())
                            .isEqualTo(502));
            assertThat(front.forwarder().tunnels()).isZero();
        }
    }

    @Test
    void passesTheRefusalOfTheBackend() throws Exception {
        try (ScriptedBackend backend =
                        ScriptedBackend.answering("HTTP/1.1 401 No\r\nX-Why: login\r\nContent-Length: 2\r\n\r\nno");
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            client.send(ASK);

            assertThat(client.head()).startsWith("HTTP/1.1 401").contains("X-Why: login");
            assertThat(client.read(2)).isEqualTo("no");
            assertThat(front.forwarder().tunnels()).isZero();
        }
    }

    @Test
    void losesNoByteAroundTheSwitch() throws Exception {
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    assertThat(wire.head()).contains("Upgrade: foo/1", "Connection: Upgrade\r\n");
                    wire.send(ACCEPT + "glued");
                    wire.send("[" + wire.read(5) + "]");
                    wire.rest();
                });
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            client.send(ASK + "early");

            assertThat(client.head()).startsWith("HTTP/1.1 101").contains("Upgrade: foo/1");
            assertThat(client.read(12)).isEqualTo("glued[early]");
        }
    }

    @Test
    void passesAHalfCloseOnAndLetsTheOtherSideFinish() throws Exception {
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    wire.head();
                    wire.send(ACCEPT);
                    wire.send("got " + wire.rest());
                });
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            client.send(ASK).head();

            client.send("all").endOutput();

            assertThat(client.rest()).isEqualTo("got all");
        }
    }

    @Test
    void aSideThatHasBeenSilentForLongMayStillFinishAfterAHalfClose() throws Exception {
        Duration linger = Duration.ofMillis(700);
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    wire.head();
                    wire.send(ACCEPT);
                    String all = wire.rest();
                    Awaitility.await().pollDelay(linger.dividedBy(3)).until(() -> true);
                    wire.send("got " + all);
                });
                Front front =
                        Front.to(ForwardTarget.to(Front.uri(backend.port())), silence(Duration.ofHours(1), linger));
                Wire client = front.connect()) {
            client.send(ASK).head();

            Awaitility.await().pollDelay(linger.multipliedBy(2)).until(() -> true);
            client.endOutput();

            assertThat(client.rest()).isEqualTo("got ");
        }
    }

    @Test
    void keepsATunnelThatIsQuietLongerThanAConnectionMayBe() throws Exception {
        CountDownLatch otherGaveUp = new CountDownLatch(1);
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    if (wire.head().startsWith("GET /mute")) {
                        wire.rest();
                        return;
                    }
                    wire.send(ACCEPT);
                    otherGaveUp.await(5, TimeUnit.SECONDS);
                    wire.send("still here");
                });
                Front front =
                        Front.to(ForwardTarget.to(Front.uri(backend.port())), FailingBackendTest.shortTimeouts(), 200);
                Wire client = front.connect();
                Wire other = front.connect()) {
            client.send(ASK).head();

            // Waits later than the tunnel, longer than a connection of the client may be idle, and until a backend's
            // is.
            other.send("GET /mute HTTP/1.1\r\nHost: shop\r\n\r\n");
            assertThat(other.head()).startsWith("HTTP/1.1 504");
            otherGaveUp.countDown();

            assertThat(client.rest()).isEqualTo("still here");
        }
    }

    @Test
    void closesLiveTunnelsWhenTheForwarderStops() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    wire.head();
                    wire.send(ACCEPT);
                    wire.rest();
                    ended.countDown();
                });
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            client.send(ASK).head();
            Front.soon("the tunnel opens", () -> front.forwarder().tunnels() == 1);

            front.forwarder().stop();

            assertThat(front.forwarder().tunnels()).isZero();
            assertThat(front.allExchangesEnded()).isTrue();
            assertThat(client.closedByPeer()).isTrue();
            assertThat(ended.await(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void closesATunnelThatIsSilentForTooLong() throws Exception {
        ForwardTimeouts impatient = silence(Duration.ofMillis(300), Duration.ofSeconds(10));
        CountDownLatch ended = new CountDownLatch(1);
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    wire.head();
                    wire.send(ACCEPT);
                    wire.rest();
                    ended.countDown();
                });
                Front front = Front.to(ForwardTarget.to(Front.uri(backend.port())), impatient);
                Wire client = front.connect()) {
            client.send(ASK).head();

            assertThat(client.closedByPeer()).isTrue();
            assertThat(ended.await(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static ForwardTimeouts silence(Duration idle, Duration linger) {
        ForwardTimeouts usual = ForwardTimeouts.DEFAULT;
        return new ForwardTimeouts(
                usual.connect(),
                usual.answer(),
                usual.quiet(),
                usual.pooled(),
                new ForwardTimeouts.Tunnel(idle, linger),
                usual.goOn());
    }
}
