package marina.navigator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import javax.management.JMException;
import javax.management.ObjectName;
import marina.testing.CableClient;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file for Navigator that does not speak of a cable: pages and applications find the one that they know. */
class CableProtocolTest {
    @TempDir
    private Path base;

    @SuppressWarnings("NullAway.Init")
    private MarinaUnderTest marina;

    @BeforeEach
    void start() {
        marina = new NavigatorBed(base)
                .navigator("server: {listen: LISTEN}\napplications: {tenants: [{path: /sam/}]}\n")
                .start();
    }

    @AfterEach
    void stop() {
        marina.close();
    }

    private CableClient page() {
        return CableClient.open(marina.uri(""), "/cable");
    }

    private int broadcast(String body) {
        return marina.post("/_broadcast", body).statusCode();
    }

    private long count(String attribute) throws JMException {
        Object number = marina.mbeans().getAttribute(new ObjectName("marina:type=Cable"), attribute);
        return ((Number) number).longValue();
    }

    @Test
    void aBroadcastReachesBothPagesWithTheStream() {
        try (CableClient one = page().subscribe("a");
                CableClient two = page().subscribe("a")) {
            assertThat(broadcast("{\"stream\":\"a\",\"data\":\"<turbo-stream>\"}"))
                    .isEqualTo(200);
            for (CableClient client : new CableClient[] {one, two}) {
                assertThat(client.next())
                        .isEqualTo("{\"type\":\"message\",\"stream\":\"a\",\"data\":\"<turbo-stream>\"}");
            }
        }
    }

    @Test
    void aPageHasSeveralStreamsAndLeavesThem() throws JMException {
        try (CableClient page = page().subscribe("a").subscribe("b").subscribe("c")) {
            assertThat(count("Subscriptions")).isEqualTo(3);
            page.send("{\"type\":\"unsubscribe\",\"stream\":\"b\"}").subscribe("d");
            broadcast("{\"stream\":\"b\",\"data\":1}");
            broadcast("{\"stream\":\"c\",\"data\":2}");
            assertThat(page.next()).contains("\"c\"");
        }
    }

    @Test
    void whatIsNotUnderstoodIsPassedOver() {
        try (CableClient page = page()) {
            page.send("no json")
                    .send("{\"type\":\"sing\"}")
                    .send("{\"type\":\"subscribe\",\"stream\":\"\"}")
                    .send("[]")
                    .send("{\"type\":\"pong\"}")
                    .subscribe("a");
            assertThat(page.hasMore()).isFalse();
        }
    }

    @Test
    void aMessageThatIsTooLargeClosesItsSocketAlone() {
        try (CableClient loud = page();
                CableClient other = page().subscribe("a")) {
            String large = "x".repeat(140 * 1024);
            try {
                loud.send("{\"type\":\"subscribe\",\"stream\":\"" + large + "\"}");
            } catch (RuntimeException e) {
                assertThat(e).as("it may have been closed before all was sent").isNotNull();
            }
            assertThat(loud.next()).matches("close 1009|error");
            broadcast("{\"stream\":\"a\",\"data\":1}");
            assertThat(other.next()).contains("\"data\":1");
        }
    }

    @Test
    void broadcastsAreAnsweredAsApplicationsKnow() {
        assertThat(broadcast("{\"stream\":\"nobody\"}")).isEqualTo(200);
        assertThat(marina.get("/_broadcast").statusCode()).isEqualTo(405);
        assertThat(broadcast("{")).isEqualTo(400);
        assertThat(broadcast("{\"data\":1}")).isEqualTo(400);
        assertThat(RawClient.status(marina.uri("/"), "GET", "/cable")).isEqualTo(400);
        // There a proxy on the same machine is enough to broadcast from anywhere.
        assertThat(RawClient.status(
                        marina.uri("/"), "POST", "/_broadcast", "X-Forwarded-For: 203.0.113.9", "Content-Length: 0"))
                .isEqualTo(403);
    }

    @Test
    void pagesOfOtherSitesAreRefused() {
        String upgrade = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
        // There nobody looks at the field.
        assertThat(RawClient.status(marina.uri("/"), "GET", "/cable", "Origin: https://evil.test", upgrade))
                .isEqualTo(403);
    }

    @Test
    void aServerThatStopsClosesThem() throws JMException {
        CableClient page = page().subscribe("a");
        await().atMost(Duration.ofSeconds(10)).until(() -> count("Sockets") == 1);
        marina.server().stop();
        assertThat(page.next()).isEqualTo("close 1001");
    }
}
