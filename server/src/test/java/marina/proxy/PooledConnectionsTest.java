package marina.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections to a backend are used again, by whoever comes next, for as long as both sides want that and no longer. */
@Timeout(60)
class PooledConnectionsTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String GET = "GET / HTTP/1.1\r\nHost: shop\r\n\r\n";

    @Test
    void clientsOfAllSelectorsAreServedAndEachSelectorReusesItsOwn() throws Exception {
        try (ScriptedBackend backend = ScriptedBackend.serving(PooledConnectionsTest::echoPaths);
                Front front = Front.withSelectors(4, backend.port())) {
            List<Wire> clients = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                clients.add(front.connect());
            }
            for (int round = 0; round < 20; round++) {
                for (int i = 0; i < clients.size(); i++) {
                    clients.get(i).send("GET /" + i + "-" + round + " HTTP/1.1\r\nHost: shop\r\n\r\n");
                    assertThat(answer(clients.get(i))).isEqualTo("/" + i + "-" + round);
                }
            }
            assertThat(backend.connections())
                    .as("one at a time on four selectors")
                    .isEqualTo(4);
            for (Wire client : clients) {
                client.close();
            }
        }
    }

    @Test
    void requestsInOnePacketAreAnsweredInTheirOrder() throws Exception {
        try (ScriptedBackend backend = ScriptedBackend.serving(PooledConnectionsTest::echoPaths);
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 200; i++) {
                all.append("GET /").append(i).append(" HTTP/1.1\r\nHost: shop\r\n\r\n");
            }
            client.send(all.toString());
            for (int i = 0; i < 200; i++) {
                assertThat(answer(client)).isEqualTo("/" + i);
            }
            assertThat(backend.connections()).isEqualTo(1);
        }
    }

    @Test
    void whatTheBackendSaysWithoutBeingAskedReachesNobody() throws Exception {
        AtomicInteger served = new AtomicInteger();
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    while (!wire.head().isEmpty()) {
                        wire.send(OK
                                + (served.incrementAndGet() == 1
                                        ? "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"
                                        : ""));
                    }
                });
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            for (int i = 0; i < 3; i++) {
                client.send(GET);
                assertThat(client.head()).startsWith("HTTP/1.1 200");
                assertThat(client.read(2)).isEqualTo("ok");
            }
            assertThat(backend.connections()).as("the first is not used again").isEqualTo(2);
        }
    }

    @Test
    void anIdleConnectionIsClosedInTime() throws Exception {
        AtomicInteger closed = new AtomicInteger();
        ForwardTimeouts usual = ForwardTimeouts.DEFAULT;
        ForwardTimeouts brief = new ForwardTimeouts(
                usual.connect(), usual.answer(), usual.quiet(), Duration.ofMillis(300), usual.tunnel(), usual.goOn());
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    while (!wire.head().isEmpty()) {
                        wire.send(OK);
                    }
                    closed.incrementAndGet();
                });
                Front front = Front.to(ForwardTarget.to(URI.create("http://127.0.0.1:" + backend.port())), brief);
                Wire client = front.connect()) {
            client.send(GET);
            assertThat(client.head()).startsWith("HTTP/1.1 200");
            assertThat(client.read(2)).isEqualTo("ok");
            Front.soon("the backend sees the end", () -> closed.get() == 1);
            client.send(GET);
            assertThat(client.head()).startsWith("HTTP/1.1 200");
            assertThat(backend.connections()).isEqualTo(2);
        }
    }

    @Test
    void aConnectionThatTheBackendClosesWhileNobodyUsesItCostsNoRequest() throws Exception {
        AtomicInteger ended = new AtomicInteger();
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    wire.head();
                    wire.read(1);
                    wire.send(OK);
                    wire.endOutput();
                    if (wire.closedByPeer()) {
                        ended.incrementAndGet();
                    }
                });
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            for (int i = 1; i <= 50; i++) {
                int sent = i;
                client.send("POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 1\r\n\r\nx");
                assertThat(client.head()).startsWith("HTTP/1.1 200");
                assertThat(client.read(2)).isEqualTo("ok");
                Front.soon("the front has noticed", () -> ended.get() == sent); // a POST is not sent twice
            }
            assertThat(backend.connections()).isEqualTo(50);
        }
    }

    private static void echoPaths(Wire wire, int connection) throws Exception {
        for (String head = wire.head(); !head.isEmpty(); head = wire.head()) {
            String path = head.substring(head.indexOf(' ') + 1, head.indexOf(" HTTP/"));
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + path.length() + "\r\n\r\n" + path);
        }
    }

    private static String answer(Wire client) throws Exception {
        String head = client.head();
        assertThat(head).startsWith("HTTP/1.1 200");
        int length = Integer.parseInt(head.replaceAll("(?s).*Content-Length: (\\d+).*", "$1"));
        return client.read(length);
    }
}
