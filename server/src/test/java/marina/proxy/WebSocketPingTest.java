package marina.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** WebSockets whose sides are pinged by the server between them, and hear nothing of the other side's answers. */
class WebSocketPingTest {
    private static final String UPGRADE =
            """
            GET / HTTP/1.1\r
            Host: shop\r
            Connection: Upgrade\r
            Upgrade: websocket\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            \r
            """;
    private static final String ACCEPT =
            """
            HTTP/1.1 101 Switching Protocols\r
            Connection: Upgrade\r
            Upgrade: websocket\r
            \r
            """;

    private final BlockingQueue<Frame> atBackend = new LinkedBlockingQueue<>();
    private final List<Frame> pingsAtBackend = new CopyOnWriteArrayList<>();
    private final List<Frame> pingsAtClient = new CopyOnWriteArrayList<>();

    /** Answers pings, echoes texts, and remembers all else. */
    private ScriptedBackend backend() throws IOException {
        return ScriptedBackend.serving((wire, connection) -> {
            wire.head();
            wire.send(ACCEPT);
            while (true) {
                Frame frame = Frame.read(wire);
                if (frame.opcode() == Frame.PING) {
                    pingsAtBackend.add(frame);
                    wire.send(new Frame(Frame.PONG, false, frame.payload()).bytes());
                    continue;
                }
                atBackend.add(frame);
                if (frame.opcode() == Frame.TEXT) {
                    wire.send(new Frame(Frame.TEXT, false, frame.payload()).bytes());
                    wire.send(new Frame(Frame.PING, false, "backend's own").bytes());
                } else if (frame.opcode() == Frame.CLOSE) {
                    wire.bytes(1); // nothing must come any more
                }
            }
        });
    }

    private static Front front(ScriptedBackend backend, Duration ping) throws Exception {
        ForwardTarget target = ForwardTarget.to(Front.uri(backend.port())).with(ForwardPolicy.USUAL.withPing(ping));
        return Front.to(target, ForwardTimeouts.DEFAULT);
    }

    private static void open(Wire client) throws IOException {
        client.send(UPGRADE);
        assertThat(client.head()).startsWith("HTTP/1.1 101 ");
    }

    /** The next frame but for the server's pings, which are answered byte by byte. */
    private Frame next(Wire client) throws IOException {
        while (true) {
            Frame frame = Frame.read(client);
            if (frame.opcode() != Frame.PING || frame.payload().length() != 8) {
                return frame;
            }
            pingsAtClient.add(frame);
            for (byte one : new Frame(Frame.PONG, true, frame.payload()).bytes()) {
                client.send(new byte[] {one});
            }
            if (pingsAtClient.size() == 3) {
                return frame;
            }
        }
    }

    private @Nullable Frame arrived() throws InterruptedException {
        return atBackend.poll(5, TimeUnit.SECONDS);
    }

    @Test
    void bothSidesArePingedAndHearNothingOfEachOthersAnswers() throws Exception {
        try (ScriptedBackend backend = backend();
                Front front = front(backend, Duration.ofMillis(100));
                Wire client = front.connect()) {
            open(client);
            assertThat(next(client).opcode()).isEqualTo(Frame.PING);
            Front.soon("pings at the backend", () -> pingsAtBackend.size() >= 3);

            client.send(new Frame(Frame.PONG, true, "client's own").bytes());
            client.send(new Frame(Frame.TEXT, true, "hello").bytes());
            assertThat(next(client)).isEqualTo(new Frame(Frame.TEXT, false, "hello"));
            assertThat(next(client)).isEqualTo(new Frame(Frame.PING, false, "backend's own"));
            client.send(new Frame(Frame.PONG, true, "backend's own").bytes());

            assertThat(arrived()).isEqualTo(new Frame(Frame.PONG, true, "client's own"));
            assertThat(arrived()).isEqualTo(new Frame(Frame.TEXT, true, "hello"));
            assertThat(arrived()).isEqualTo(new Frame(Frame.PONG, true, "backend's own"));
            assertThat(pingsAtBackend).allMatch(Frame::masked);
            assertThat(pingsAtClient).noneMatch(Frame::masked);
            assertThat(backend.failures()).isEmpty();
        }
    }

    @Test
    void nothingComesInTheMiddleOfAFrame() throws Exception {
        try (ScriptedBackend backend = backend();
                Front front = front(backend, Duration.ofMillis(100));
                Wire client = front.connect()) {
            open(client);
            Frame large = new Frame(Frame.TEXT, true, "x".repeat(100_000));
            byte[] bytes = large.bytes();
            client.send(java.util.Arrays.copyOf(bytes, 50_000));
            // Three pings to the client are as many that had to wait on the way to the backend.
            for (int i = 0; i < 3; i++) {
                assertThat(Frame.read(client).opcode()).isEqualTo(Frame.PING);
            }
            int before = pingsAtBackend.size();
            client.send(java.util.Arrays.copyOfRange(bytes, 50_000, bytes.length));
            assertThat(arrived()).isEqualTo(large);
            Front.soon("pings go on", () -> pingsAtBackend.size() > before);
        }
    }

    @Test
    void afterACloseThereAreNoPings() throws Exception {
        try (ScriptedBackend backend = backend();
                Front front = front(backend, Duration.ofMillis(100));
                Wire client = front.connect()) {
            open(client);
            client.send(new Frame(Frame.CLOSE, true, "").bytes());
            assertThat(arrived()).isEqualTo(new Frame(Frame.CLOSE, true, ""));
            for (int i = 0; i < 5; i++) {
                assertThat(Frame.read(client).opcode()).isEqualTo(Frame.PING); // the backend has not said goodbye
            }
            client.hangUp();
            Front.soon("the backend has gone", () -> !backend.failures().isEmpty());
            assertThat(backend.failures()).singleElement().isInstanceOf(java.io.EOFException.class);
        }
    }

    @Test
    void whoWantsNoPingsGetsNone() throws Exception {
        try (ScriptedBackend backend = backend();
                Front front = front(backend, Duration.ZERO);
                Wire client = front.connect()) {
            open(client);
            client.send(new Frame(Frame.PONG, true, "12345678").bytes());
            client.send(new Frame(Frame.TEXT, true, "hello").bytes());
            assertThat(Frame.read(client)).isEqualTo(new Frame(Frame.TEXT, false, "hello"));
            assertThat(arrived()).isEqualTo(new Frame(Frame.PONG, true, "12345678"));
            assertThat(pingsAtBackend).isEmpty();
        }
    }
}
