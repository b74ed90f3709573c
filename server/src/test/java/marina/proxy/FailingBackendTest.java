package marina.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailingBackendTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: shop\r\n\r\n";
    private static final String MUTE = "GET /mute HTTP/1.1\r\nHost: shop\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    static ForwardTimeouts shortTimeouts() {
        ForwardTimeouts usual = ForwardTimeouts.DEFAULT;
        return new ForwardTimeouts(
                usual.connect(),
                Duration.ofMillis(500),
                Duration.ofSeconds(60),
                usual.pooled(),
                usual.tunnel(),
                Duration.ofMillis(100));
    }

    @Test
    void answers502WhenNobodyListens() throws Exception {
        try (Front front = Front.to(JettyBackend.unusedPort());
                Wire client = front.connect()) {
            client.send(GET);

            assertThat(client.head()).startsWith("HTTP/1.1 502");
            assertThat(client.read(16)).isEqualTo("failure page 502");
            assertThat(front.failures()).singleElement().isInstanceOf(ConnectException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200",
                "HTTP/1.1 200 OK\r\nContent-Len",
                "SSH-2.0-OpenSSH\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n",
            })
    void answers502WhenTheAnswerIsNone(String words) throws Exception {
        try (ScriptedBackend backend = ScriptedBackend.answering(words);
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            client.send(GET);

            assertThat(client.head()).startsWith("HTTP/1.1 502");
            assertThat(client.read(16)).isEqualTo("failure page 502");
        }
    }

    @Test
    void answers504WhenTheBackendIsSilent() throws Exception {
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> wire.rest());
                Front front = Front.to(ForwardTarget.to(Front.uri(backend.port())), shortTimeouts());
                Wire client = front.connect()) {
            client.send(GET);

            assertThat(client.head()).startsWith("HTTP/1.1 504");
            assertThat(client.read(16)).isEqualTo("failure page 504");
        }
    }

    @Test
    void waitsLongerOnceTheAnswerHasBegun() throws Exception {
        CountDownLatch otherGaveUp = new CountDownLatch(1);
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    if (wire.head().startsWith("GET /mute")) {
                        wire.rest();
                        return;
                    }
                    wire.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
                    otherGaveUp.await(5, TimeUnit.SECONDS);
                    wire.send("data: late\n\n");
                });
                Front front = Front.to(ForwardTarget.to(Front.uri(backend.port())), shortTimeouts(), 400);
                Wire client = front.connect();
                Wire other = front.connect()) {
            client.send(GET);
            assertThat(client.head()).startsWith("HTTP/1.1 200");

            // Waits later than the first, and until the time for an answer to begin is over.
            assertThat(other.send(MUTE).head()).startsWith("HTTP/1.1 504");
            otherGaveUp.countDown();
            assertThat(client.rest()).contains("data: late");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nonly this\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nonly this\r\nZZ\r\n",
            })
    void neverLetsAnAbortedAnswerLookComplete(String words) throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    wire.head();
                    int bad = words.indexOf("ZZ");
                    wire.send(bad < 0 ? words : words.substring(0, bad));
                    seen.await(5, TimeUnit.SECONDS);
                    wire.send(bad < 0 ? "" : words.substring(bad));
                });
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            client.send(GET);

            String head = client.head();
            assertThat(head).startsWith("HTTP/1.1 200");
            seen.countDown();
            String rest = client.rest();
            assertThat(rest).contains("only this").doesNotContain("\r\n0\r\n").doesNotContain("failure page");
        }
    }

    @Test
    void retriesWhenThePooledConnectionHadBeenClosed() throws Exception {
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    // Each connection serves one request and breaks in the face of the next.
                    wire.head();
                    wire.send(OK);
                    if (!wire.head().isEmpty()) {
                        wire.reset();
                    }
                });
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            for (int i = 0; i < 10; i++) {
                client.send(GET);
                assertThat(client.head()).startsWith("HTTP/1.1 200");
                assertThat(client.read(2)).isEqualTo("ok");
            }
            assertThat(front.failures()).isEmpty();
        }
    }

    @Test
    void repeatsNoRequestThatMayHaveHadAnEffect() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    wire.head();
                    wire.send(OK);
                    if (!wire.head().isEmpty()) {
                        requests.incrementAndGet();
                        wire.reset();
                    }
                });
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            client.send(GET).head();
            client.read(2);

            client.send("POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 0\r\n\r\n");

            assertThat(client.head()).startsWith("HTTP/1.1 502");
            assertThat(requests).hasValue(1);
        }
    }

    @Test
    void servesAgainAfterTheBackendCameBackOnItsPort() throws Exception {
        ScriptedBackend.Script script = (wire, connection) -> {
            while (!wire.head().isEmpty()) {
                wire.send(OK);
            }
        };
        ScriptedBackend first = ScriptedBackend.serving(script);
        int port = first.port();
        try (Front front = Front.to(port);
                Wire client = front.connect()) {
            client.send(GET);
            assertThat(client.head()).startsWith("HTTP/1.1 200");
            client.read(2);
            first.close();
            try (ScriptedBackend second = ScriptedBackend.servingOn(port, script)) {
                client.send(GET);

                assertThat(client.head()).startsWith("HTTP/1.1 200");
                assertThat(second.connections()).isEqualTo(1);
            }
        }
    }

    @Test
    void repeatsARequestOnce() throws Exception {
        AtomicInteger broken = new AtomicInteger();
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    wire.head();
                    if (connection > 2) {
                        // A new connection that breaks is a failure of the backend.
                        broken.incrementAndGet();
                        wire.reset();
                        return;
                    }
                    wire.send(OK);
                    if (!wire.head().isEmpty()) {
                        broken.incrementAndGet();
                        wire.reset();
                    }
                });
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            client.send(GET).head();
            client.read(2);
            client.send(GET).head();
            client.read(2);

            client.send(GET);

            assertThat(client.head()).startsWith("HTTP/1.1 502");
            assertThat(broken).hasValue(3);
            assertThat(front.failures()).hasSize(1);
        }
    }

    @Test
    void dropsTheBackendWhenTheClientIsGone() throws Exception {
        CountDownLatch backendSawTheEnd = new CountDownLatch(1);
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    wire.head();
                    wire.send("HTTP/1.1 200 OK\r\n\r\n");
                    byte[] piece = new byte[64 * 1024];
                    try {
                        while (true) {
                            wire.send(piece);
                        }
                    } catch (java.io.IOException e) {
                        backendSawTheEnd.countDown();
                    }
                });
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            client.send(GET).head();
            client.read(100_000);

            client.reset();

            assertThat(backendSawTheEnd.await(5, TimeUnit.SECONDS)).isTrue();
            Front.soon("the exchange ends", front::allExchangesEnded);
            assertThat(front.failures()).isEmpty();
        }
    }

    @Test
    void dropsTheBackendWhenTheClientBreaksOffItsUpload() throws Exception {
        CountDownLatch bodyBegan = new CountDownLatch(1);
        CountDownLatch backendSawTheEnd = new CountDownLatch(1);
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    wire.head();
                    wire.read(5);
                    bodyBegan.countDown();
                    wire.rest();
                    backendSawTheEnd.countDown();
                });
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 1000\r\n\r\nbegin");
            assertThat(bodyBegan.await(5, TimeUnit.SECONDS)).isTrue();

            client.hangUp();

            assertThat(backendSawTheEnd.await(5, TimeUnit.SECONDS)).isTrue();
            Front.soon("the exchange ends", front::allExchangesEnded);
        }
    }

    @Test
    void passesAnEarlyAnswerToAnUnfinishedUpload() throws Exception {
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    wire.head();
                    wire.send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig");
                    wire.rest();
                });
                Front front = Front.to(ForwardTarget.to(Front.uri(backend.port())), shortTimeouts(), 1000);
                Wire client = front.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 1000\r\n\r\nbegin");

            assertThat(client.head()).startsWith("HTTP/1.1 413");
            assertThat(client.read(3)).isEqualTo("big");
        }
    }
}
