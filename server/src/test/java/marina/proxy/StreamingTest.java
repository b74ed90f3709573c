package marina.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class StreamingTest {

    private static final int MANY = 200;
    private static final int MEGABYTE = 1024 * 1024;
    private static final int SMALL_BUFFER = 4096;
    private static final int BIG = 128;

    @Test
    void passesEachEventBeforeTheNextIsSent() throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    wire.head();
                    wire.send(
                            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
                    for (int i = 0; i < 20; i++) {
                        assertThat(seen.poll(5, TimeUnit.SECONDS)).isNotNull();
                        wire.send("9\r\ndata: " + (char) ('a' + i) + "\n\n\r\n");
                    }
                    wire.send("0\r\n\r\n");
                });
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            client.send("GET /events HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n");

            // The head comes before there is any event.
            assertThat(client.head()).contains("text/event-stream");
            for (int i = 0; i < 20; i++) {
                seen.add("next");
                // Jetty ends a chunk when it writes the next.
                String chunk = (i == 0 ? "" : "\r\n") + "9\r\ndata: " + (char) ('a' + i) + "\n\n";
                assertThat(client.read(chunk.length())).isEqualTo(chunk);
            }
            assertThat(client.rest()).isEqualTo("\r\n0\r\n\r\n");
            assertThat(backend.failures()).isEmpty();
        }
    }

    @Test
    void passesEachPieceOfAnUploadBeforeTheNextIsSent() throws Exception {
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    assertThat(wire.head()).contains("Content-Length: 10");
                    for (int i = 0; i < 10; i++) {
                        received.add(wire.read(1));
                    }
                    wire.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                });
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 10\r\n\r\n");
            for (int i = 0; i < 10; i++) {
                client.send("" + i);
                assertThat(received.poll(5, TimeUnit.SECONDS)).isEqualTo("" + i);
            }

            assertThat(client.head()).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void downloadsAnySizeInConstantMemory() throws Exception {
        byte[] piece = new byte[MEGABYTE];
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    wire.head();
                    wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + (long) BIG * MEGABYTE + "\r\n\r\n");
                    for (int i = 0; i < BIG; i++) {
                        wire.send(piece);
                    }
                });
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n").head();

            assertThat(client.skip((long) BIG * MEGABYTE)).isEqualTo((long) BIG * MEGABYTE);
            assertThat(front.pooledMemory()).isLessThan(4 * MEGABYTE);
        }
    }

    @Test
    void uploadsAnySizeInConstantMemory() throws Exception {
        byte[] piece = new byte[MEGABYTE];
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    wire.head();
                    long received = wire.skip((long) BIG * MEGABYTE);
                    wire.send("HTTP/1.1 200 OK\r\nX-Received: " + received + "\r\nContent-Length: 0\r\n\r\n");
                });
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            client.send("PUT / HTTP/1.1\r\nHost: shop\r\nContent-Length: " + (long) BIG * MEGABYTE + "\r\n\r\n");
            for (int i = 0; i < BIG; i++) {
                client.send(piece);
            }

            assertThat(client.head()).contains("X-Received: " + (long) BIG * MEGABYTE);
            assertThat(front.pooledMemory()).isLessThan(4 * MEGABYTE);
        }
    }

    @Test
    void carriesManySlowExchangesAtOnceOnFewThreads() throws Exception {
        int rounds = 10;
        byte[] piece = new byte[16 * 1024];
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    int length = rounds * piece.length;
                    assertThat(wire.head()).contains("Content-Length: " + length);
                    wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
                    for (int i = 0; i < rounds; i++) {
                        wire.send(wire.bytes(piece.length));
                    }
                });
                Front front = Front.to(backend.port())) {
            List<Wire> clients = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                Wire client = front.connect(SMALL_BUFFER);
                client.send("PUT / HTTP/1.1\r\nHost: shop\r\nContent-Length: " + rounds * piece.length + "\r\n\r\n");
                clients.add(client);
            }
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < MANY; i++) {
                    Arrays.fill(piece, (byte) (i + round));
                    clients.get(i).send(piece);
                }
                for (int i = 0; i < MANY; i++) {
                    if (round == 0) {
                        assertThat(clients.get(i).head()).startsWith("HTTP/1.1 200");
                    }
                    Arrays.fill(piece, (byte) (i + round));
                    assertThat(clients.get(i).bytes(piece.length)).isEqualTo(piece);
                }
            }
            // One each at the same time; the client's pool sometimes opens one more ahead of need.
            assertThat(backend.connections()).isGreaterThanOrEqualTo(MANY);
            for (Wire client : clients) {
                client.close();
            }
            assertThat(backend.failures()).isEmpty();
        }
    }

    @Test
    void dropsFramingAndIdentityFromTrailers() throws Exception {
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    assertThat(wire.head()).contains("Trailer: X-Sum\r\n");
                    assertThat(wire.read(6)).isEqualTo("1\r\na\r\n");
                    assertThat(wire.head()).isEqualTo("0\r\nX-Sum: 97\r\n\r\n");
                    wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-End, Set-Cookie\r\n\r\n");
                    wire.send("0\r\nX-End: yes\r\nSet-Cookie: a=b\r\nConnection: x\r\n\r\n");
                });
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n");
            client.send("Trailer: Content-Length, X-Sum, Host\r\n\r\n1\r\na\r\n0\r\n");
            client.send("Content-Length: 9\r\nX-Sum: 97\r\nHost: evil\r\nX-Forwarded-For: 6.6.6.6\r\n\r\n");

            assertThat(client.head()).contains("Trailer: X-End\r\n");
            assertThat(client.rest()).isEqualTo("0\r\nX-End: yes\r\n\r\n");
            assertThat(backend.failures()).isEmpty();
        }
    }

    @Test
    void stopsReadingFromABackendWhoseClientDoesNotRead() throws Exception {
        AtomicLong sent = new AtomicLong();
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    wire.head();
                    wire.send("HTTP/1.1 200 OK\r\n\r\n");
                    byte[] piece = new byte[64 * 1024];
                    while (true) {
                        wire.send(piece);
                        sent.addAndGet(piece.length);
                    }
                });
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n").head();

            AtomicLong before = new AtomicLong(-1);
            Awaitility.await("the backend cannot send any more")
                    .pollInterval(Duration.ofMillis(300))
                    .until(() -> before.getAndSet(sent.get()) == sent.get());
            assertThat(front.pooledMemory()).isLessThan(4 * MEGABYTE);
            client.reset();
        }
    }

    @Test
    void letsTheBackendDecideOn100Continue() throws Exception {
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    if (wire.head().startsWith("POST /no")) {
                        wire.send("HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno");
                    } else {
                        wire.send("HTTP/1.1 100 Continue\r\n\r\n");
                        String body = wire.read(4);
                        wire.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\n" + body);
                    }
                });
                Front front = Front.to(backend.port());
                Wire asking = front.connect();
                Wire refused = front.connect()) {
            asking.send("POST /yes HTTP/1.1\r\nHost: shop\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
            assertThat(asking.head()).startsWith("HTTP/1.1 100");
            asking.send("body");
            assertThat(asking.head()).startsWith("HTTP/1.1 200");
            assertThat(asking.read(4)).isEqualTo("body");

            refused.send("POST /no HTTP/1.1\r\nHost: shop\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
            assertThat(refused.head()).startsWith("HTTP/1.1 403");
            assertThat(refused.read(2)).isEqualTo("no");
        }
    }

    @Test
    void asksForTheBodyWhenTheBackendIgnoresTheExpectation() throws Exception {
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    wire.head();
                    String body = wire.read(4);
                    wire.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n" + body);
                });
                Front front =
                        Front.to(ForwardTarget.to(Front.uri(backend.port())), FailingBackendTest.shortTimeouts());
                Wire client = front.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: shop\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");

            assertThat(client.head()).startsWith("HTTP/1.1 100");
            client.send("body");
            assertThat(client.head()).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void passesInterimResponses() throws Exception {
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    wire.head();
                    wire.send("HTTP/1.1 102 Processing\r\n\r\n");
                    wire.send("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n");
                    wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                });
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");

            assertThat(client.head()).startsWith("HTTP/1.1 102");
            assertThat(client.head()).startsWith("HTTP/1.1 103").contains("Link: </a.css>");
            assertThat(client.head()).startsWith("HTTP/1.1 200").doesNotContain("Link");
            assertThat(client.read(2)).isEqualTo("ok");
        }
    }

    @Test
    void passesTrailersBothWays() throws Exception {
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    assertThat(wire.head()).contains("Trailer: X-Sum");
                    assertThat(wire.read(6)).isEqualTo("1\r\na\r\n");
                    assertThat(wire.head()).isEqualTo("0\r\nX-Sum: 97\r\n\r\n");
                    wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-End\r\n\r\n");
                    wire.send("2\r\nok\r\n0\r\nX-End: yes\r\n\r\n");
                });
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n");
            client.send("Trailer: X-Sum\r\nConnection: close\r\n\r\n1\r\na\r\n0\r\nX-Sum: 97\r\n\r\n");

            assertThat(client.head()).contains("Trailer: X-End");
            assertThat(client.rest()).isEqualTo("2\r\nok\r\n0\r\nX-End: yes\r\n\r\n");
            assertThat(backend.failures()).isEmpty();
        }
    }
}
