package marina.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import marina.config.ContextPath;
import marina.testing.MarinaUnderTest;
import marina.upstream.Pool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** WebSockets through a pool belong to one member, count for it, and are pinged. */
class PooledWebSocketTest {
    private static final Pattern COOKIE = Pattern.compile("\r\nSet-Cookie: (__marina_lb=[^;]+);");

    @TempDir
    private Path base;

    @Test
    void aWebSocketGoesWhereItsClientBelongs() throws Exception {
        try (ScriptedBackend one = WebSocketEcho.backend();
                ScriptedBackend two = WebSocketEcho.backend();
                MarinaUnderTest marina = MarinaUnderTest.start(base, yaml(one, two))) {
            List<Wire> open = new ArrayList<>();
            String first = open(marina, "", open);
            Matcher cookie = COOKIE.matcher(first);
            assertThat(cookie.find()).as(first).isTrue();
            for (int i = 0; i < 3; i++) {
                assertThat(open(marina, "Cookie: " + cookie.group(1) + "\r\n", open))
                        .startsWith("HTTP/1.1 101 ")
                        .doesNotContain("Set-Cookie");
            }
            assertThat(new TreeSet<>(Set.of(inFlight(marina, 0), inFlight(marina, 1))))
                    .containsExactly(0, 4);
            Frame ping = Frame.read(open.get(0));
            assertThat(ping.opcode()).isEqualTo(Frame.PING);

            open.get(0).send(new Frame(Frame.TEXT, true, "hello").bytes());
            Frame echo = Frame.read(open.get(0));
            while (echo.opcode() != Frame.TEXT) {
                echo = Frame.read(open.get(0));
            }
            assertThat(echo.payload()).isEqualTo("hello");
            for (Wire wire : open) {
                wire.close();
            }
            await().until(() -> inFlight(marina, 0) + inFlight(marina, 1) == 0);
        }
    }

    @Test
    void aHandshakeThatMeetsADeadMemberGoesToAnother() throws Exception {
        int dead = JettyBackend.unusedPort();
        try (ScriptedBackend alive = WebSocketEcho.backend();
                MarinaUnderTest marina = MarinaUnderTest.start(
                        base,
                        """
                        contexts:
                          /: { upstream: { members: [{ url: "http://127.0.0.1:%d" }, { url: "http://127.0.0.1:%d" }], steering: failover } }
                        """
                                .formatted(dead, alive.port()))) {
            List<Wire> open = new ArrayList<>();
            assertThat(open(marina, "", open)).startsWith("HTTP/1.1 101 ");
            assertThat(inFlight(marina, 0)).isZero();
            assertThat(inFlight(marina, 1)).isEqualTo(1);
            assertThat(marina.status("/").backend().leases()).isEqualTo(1);
            open.get(0).close();
            await().until(() ->
                    inFlight(marina, 1) == 0 && marina.status("/").backend().leases() == 0);
        }
    }

    private static String yaml(ScriptedBackend one, ScriptedBackend two) {
        return """
                contexts:
                  /:
                    upstream:
                      members: [{ url: "http://127.0.0.1:%d" }, { url: "http://127.0.0.1:%d" }]
                      affinity: {}
                      websocket_ping: 200ms
                """
                .formatted(one.port(), two.port());
    }

    private static String open(MarinaUnderTest marina, String more, List<Wire> open) throws Exception {
        Wire wire = new Wire(
                new Socket(InetAddress.getLoopbackAddress(), marina.uri("").getPort()));
        open.add(wire);
        wire.send("GET /live HTTP/1.1\r\nHost: shop\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" + more
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        return wire.head();
    }

    private static int inFlight(MarinaUnderTest marina, int member) {
        Pool pool = marina.server()
                .host()
                .context(new ContextPath("/"))
                .orElseThrow()
                .pool()
                .orElseThrow();
        return pool.status().members().get(member).inFlight();
    }
}
